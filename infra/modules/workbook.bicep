metadata description = 'A page in the portal that shows what the functions decide, and how fast.'

@description('What names are made of.')
param name string

@description('The region.')
param location string

@description('The workspace that requests, logs and metrics are kept in.')
param workspaceId string

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, name, 'workbook')
  location: location
  kind: 'shared'
  properties: {
    displayName: 'LXCFS admission (${name})'
    category: 'workbook'
    sourceId: workspaceId
    serializedData: loadTextContent('workbook.json')
  }
}
