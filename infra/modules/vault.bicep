metadata description = 'The tokens of the webhooks\' path, in a vault.'

@description('The name of the vault.')
param name string

@description('The region.')
param location string

@description('The tokens, comma separated.')
@secure()
param tokens string

@description('Who reads them: the functions.')
param readerPrincipalId string

@description('Who replaces them; empty: nobody.')
param operatorObjectId string

@description('What kind of principal the operator is.')
param operatorType string

// https://learn.microsoft.com/azure/role-based-access-control/built-in-roles: Key Vault Secrets User, Key Vault Secrets Officer.
var secretsUser = '4633458b-17de-408a-b875-0445b86b69e6'
var secretsOfficer = 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: name
  location: location
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 7
  }

  resource secret 'secrets' = {
    name: 'lxcfs-tokens'
    properties: {
      value: tokens
      contentType: 'tokens of the webhooks, comma separated, the newest last'
    }
  }
}

resource reader 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault::secret.id, readerPrincipalId, secretsUser)
  scope: vault::secret
  properties: {
    principalId: readerPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsUser)
  }
}

resource operator 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operatorObjectId)) {
  name: guid(vault.id, operatorObjectId, secretsOfficer)
  scope: vault
  properties: {
    principalId: operatorObjectId
    principalType: operatorType
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsOfficer)
  }
}

@description('The name of the vault.')
output name string = vault.name

@description('The name of the secret.')
output tokensSecretName string = vault::secret.name

@description('The secret without a version: a new one is found.')
output tokensUri string = '${vault.properties.vaultUri}secrets/${vault::secret.name}'
