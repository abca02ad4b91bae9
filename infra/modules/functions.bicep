metadata description = 'The plan and the app.'

@description('The name of the app, and with plan- before it that of its plan.')
param name string

@description('The region.')
param location string

@description('The identity that the app reads packages, secrets and storage with.')
param identityId string

@description('The client id of that identity.')
param identityClientId string

@description('The account of the host.')
param storageAccountName string

@description('The container of the packages.')
param packagesUrl string

@description('Where telemetry goes; it carries no key that is accepted.')
param insightsConnectionString string

@description('Who may connect (CIDR); empty: anybody.')
param apiServerAddresses string[]

@description('Whether there is a public address.')
param isPublic bool

@description('Instances that always run.')
param alwaysReadyInstances int

@description('dotnet-isolated or custom.')
param runtime string

@description('Memory of an instance in MiB.')
param instanceMemory int

@description('Settings of the functions by their names.')
param settings object

var isWorker = runtime == 'dotnet-isolated'

// Placeholders crash on .NET 10 (Azure/azure-functions-dotnet-worker issue 3335), and instances that always run need none.
var workerSettings = isWorker ? { WEBSITE_USE_PLACEHOLDER_DOTNETISOLATED: '0' } : {}

var hostSettings = {
  AzureWebJobsStorage__accountName: storageAccountName
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
  // One heap of the C library is enough: what .NET allocates lies elsewhere.
  MALLOC_ARENA_MAX: '1'
}

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: 'plan-${name}'
  location: location
  kind: 'functionapp'
  sku: {
    tier: 'FlexConsumption'
    name: 'FC1'
  }
  properties: {
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    publicNetworkAccess: isPublic ? 'Enabled' : 'Disabled'
    keyVaultReferenceIdentity: identityId
    siteConfig: {
      minTlsVersion: '1.3'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      ipSecurityRestrictionsDefaultAction: empty(apiServerAddresses) ? 'Allow' : 'Deny'
      ipSecurityRestrictions: [
        for (address, index) in apiServerAddresses: {
          name: 'api-server-${index}'
          action: 'Allow'
          priority: 100 + index
          ipAddress: address
        }
      ]
      // Whoever publishes comes from elsewhere, and shows a token of Microsoft Entra.
      scmIpSecurityRestrictionsUseMain: false
      scmIpSecurityRestrictionsDefaultAction: 'Allow'
      appSettings: [
        for setting in items(union(settings, hostSettings, workerSettings)): {
          name: setting.key
          value: string(setting.value)
        }
      ]
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packagesUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: runtime
        version: isWorker ? '10.0' : '1.0'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemory
        maximumInstanceCount: 40
        alwaysReady: [
          {
            name: 'http'
            instanceCount: alwaysReadyInstances
          }
        ]
        triggers: {
          http: {
            perInstanceConcurrency: 100
          }
        }
      }
    }
  }
}

resource ftpPublishing 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: app
  name: 'ftp'
  properties: {
    allow: false
  }
}

resource scmPublishing 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: app
  name: 'scm'
  properties: {
    allow: false
  }
}

@description('The id of the app.')
output id string = app.id

@description('Its name.')
output name string = app.name

@description('Its host name.')
output hostName string = app.properties.defaultHostName
