metadata description = 'Logs, telemetry and alerts.'

@description('What names are made of.')
param name string

@description('The region.')
param location string

@description('Who may publish telemetry: the functions.')
param publisherPrincipalId string

@description('Days that logs are kept.')
param retention int

@description('Who gets the alerts; empty: nobody.')
param alertEmail string

// https://learn.microsoft.com/azure/role-based-access-control/built-in-roles: Monitoring Metrics Publisher.
var metricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'

var requests = 'AppRequests | where OperationName in ("mutate", "mutate-node", "validate")'

// A 4xx is an answer to a caller's mistake or to a stranger; a 5xx leaves a pod without its files.
var alerts = [
  {
    name: 'failing-admission'
    description: 'Admission requests end in server errors: pods start without their files, or are refused where the component enforce is on.'
    severity: 1
    query: '${requests} | where toint(ResultCode) >= 500 | summarize Value = sum(ItemCount) by bin(TimeGenerated, 5m)'
    threshold: 5
  }
  {
    name: 'slow-admission'
    description: 'One admission request in twenty takes longer than a second; the API server gives up after three.'
    severity: 2
    query: '${requests} | summarize Value = percentile(DurationMs, 95) by bin(TimeGenerated, 5m)'
    threshold: 1000
  }
]

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: 'log-${name}'
  location: location
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: retention
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: 'appi-${name}'
  location: location
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    DisableLocalAuth: true
  }
}

resource publisher 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, publisherPrincipalId, metricsPublisher)
  scope: insights
  properties: {
    principalId: publisherPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', metricsPublisher)
  }
}

resource receivers 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(alertEmail)) {
  name: 'ag-${name}'
  location: 'global'
  properties: {
    enabled: true
    groupShortName: 'lxcfs'
    emailReceivers: [
      {
        name: 'email'
        emailAddress: alertEmail
        useCommonAlertSchema: true
      }
    ]
  }
}

resource rules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for alert in alerts: {
    name: '${name}-${alert.name}'
    location: location
    properties: {
      displayName: alert.name
      description: alert.description
      severity: alert.severity
      enabled: true
      scopes: [workspace.id]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      criteria: {
        allOf: [
          {
            query: alert.query
            metricMeasureColumn: 'Value'
            timeAggregation: 'Maximum'
            operator: 'GreaterThan'
            threshold: alert.threshold
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: empty(alertEmail) ? [] : [receivers.id]
      }
      autoMitigate: true
    }
  }
]

@description('Where telemetry goes.')
output connectionString string = insights.properties.ConnectionString

@description('Where it is kept.')
output workspaceId string = workspace.id
