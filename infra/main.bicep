metadata description = 'The admission functions on Azure Functions (Flex Consumption), without a key anywhere but in Key Vault.'

@description('What names are made of: 3 to 20 lower case letters, digits and hyphens.')
@minLength(3)
@maxLength(20)
param name string = 'lxcfs-functions'

@description('A region that has Flex Consumption: az functionapp list-flexconsumption-locations.')
param location string = resourceGroup().location

@description('The secrets of the webhooks\' path, comma separated: one, or two while one replaces the other. Each has 32 letters or digits at least.')
@minLength(32)
@secure()
param tokens string

@description('Who may read and replace the tokens: the object id of a user, group or service principal. Empty: nobody but the functions.')
param operatorObjectId string = ''

@description('What kind of principal the operator is.')
@allowed(['User', 'Group', 'ServicePrincipal'])
param operatorType string = 'User'

@description('The public addresses of the API servers (CIDR). Empty: anybody may connect, and only the token keeps them out.')
param apiServerAddresses string[] = []

@description('A subnet for a private endpoint, by its id; the public address is then closed. Empty: none.')
param privateEndpointSubnetId string = ''

@description('The private DNS zone privatelink.azurewebsites.net, by its id, for the private endpoint. Empty: the name is resolved by other means.')
param privateDnsZoneId string = ''

@description('Instances that always run: an API server waits while one starts. Two outlive the loss of one.')
@minValue(1)
@maxValue(20)
param alwaysReadyInstances int = 2

@description('Which package runs: the isolated worker (dotnet-isolated), or the native executable as a custom handler (custom).')
@allowed(['dotnet-isolated', 'custom'])
param runtime string = 'dotnet-isolated'

@description('Memory of an instance in MiB. The worker takes 165 MiB beside the host\'s own, the custom handler 30.')
@allowed([512, 2048, 4096])
param instanceMemory int = runtime == 'custom' ? 512 : 2048

@description('Whether pods may only go to nodes whose agent says that LXCFS answers (the component node-affinity on the cluster\'s side).')
param requireReadyNode bool = false

@description('Who brings the files: hostPath for all pods, the node to those that can\'t have hostPath (auto, with the component node-delivery on the cluster\'s side), or the node to all.')
@allowed(['hostPath', 'auto', 'node'])
param delivery string = 'hostPath'

@description('More settings of the functions by their names, such as Lxcfs__Env.')
param settings object = {}

@description('Who gets the alerts. Empty: they are only shown in the portal.')
param alertEmail string = ''

@description('Days that logs are kept.')
@minValue(30)
@maxValue(730)
param logRetention int = 30

var unique = uniqueString(resourceGroup().id, name)

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-${name}'
  location: location
}

module monitoring 'modules/monitoring.bicep' = {
  params: {
    name: name
    location: location
    publisherPrincipalId: identity.properties.principalId
    retention: logRetention
    alertEmail: alertEmail
  }
}

module workbook 'modules/workbook.bicep' = {
  params: {
    name: name
    location: location
    workspaceId: monitoring.outputs.workspaceId
  }
}

module storage 'modules/storage.bicep' = {
  params: {
    name: 'st${unique}'
    location: location
    principalId: identity.properties.principalId
  }
}

module vault 'modules/vault.bicep' = {
  params: {
    name: 'kv-${unique}'
    location: location
    tokens: tokens
    readerPrincipalId: identity.properties.principalId
    operatorObjectId: operatorObjectId
    operatorType: operatorType
  }
}

module functions 'modules/functions.bicep' = {
  params: {
    name: '${name}-${unique}'
    location: location
    identityId: identity.id
    identityClientId: identity.properties.clientId
    storageAccountName: storage.outputs.name
    packagesUrl: storage.outputs.packagesUrl
    insightsConnectionString: monitoring.outputs.connectionString
    apiServerAddresses: apiServerAddresses
    isPublic: empty(privateEndpointSubnetId)
    alwaysReadyInstances: alwaysReadyInstances
    runtime: runtime
    instanceMemory: instanceMemory
    settings: union(settings, {
      Lxcfs__Tokens: '@Microsoft.KeyVault(SecretUri=${vault.outputs.tokensUri})'
      Lxcfs__RequireReadyNode: string(requireReadyNode)
      Lxcfs__Delivery: delivery
    })
  }
}

module privateEndpoint 'modules/private-endpoint.bicep' = if (!empty(privateEndpointSubnetId)) {
  params: {
    name: 'pe-${name}'
    location: location
    functionAppId: functions.outputs.id
    subnetId: privateEndpointSubnetId
    dnsZoneId: privateDnsZoneId
  }
}

@description('The app that the package is published to.')
output functionAppName string = functions.outputs.name

@description('HOST of webhook.env.')
output hostName string = functions.outputs.hostName

@description('Which package it takes; deploy.sh keeps to it.')
output runtime string = runtime

@description('Where the tokens are kept; the last of them is TOKEN of webhook.env.')
output keyVaultName string = vault.outputs.name

@description('The secret in it.')
output tokensSecretName string = vault.outputs.tokensSecretName
