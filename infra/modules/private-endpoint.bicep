metadata description = 'A private address of the app, for API servers that share a network with it.'

@description('The name of the endpoint.')
param name string

@description('The region.')
param location string

@description('The app.')
param functionAppId string

@description('The subnet of the address.')
param subnetId string

@description('The private DNS zone privatelink.azurewebsites.net; empty: none.')
param dnsZoneId string

resource endpoint 'Microsoft.Network/privateEndpoints@2024-05-01' = {
  name: name
  location: location
  properties: {
    subnet: {
      id: subnetId
    }
    privateLinkServiceConnections: [
      {
        name: name
        properties: {
          privateLinkServiceId: functionAppId
          groupIds: ['sites']
        }
      }
    ]
  }

  resource zones 'privateDnsZoneGroups' = if (!empty(dnsZoneId)) {
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: 'azurewebsites'
          properties: {
            privateDnsZoneId: dnsZoneId
          }
        }
      ]
    }
  }
}
