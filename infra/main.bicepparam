using 'main.bicep'

// Everything comes from the environment, which deploy.sh fills: a token on a command line could be read by others.
param name = readEnvironmentVariable('LXCFS_NAME', 'lxcfs-functions')
param tokens = readEnvironmentVariable('LXCFS_TOKENS')
param runtime = readEnvironmentVariable('LXCFS_RUNTIME', 'dotnet-isolated')
param operatorObjectId = readEnvironmentVariable('LXCFS_OPERATOR', '')
param operatorType = readEnvironmentVariable('LXCFS_OPERATOR_TYPE', 'User')
param apiServerAddresses = filter(split(readEnvironmentVariable('LXCFS_API_SERVER_ADDRESSES', ''), ','), a => !empty(a))
param privateEndpointSubnetId = readEnvironmentVariable('LXCFS_PRIVATE_ENDPOINT_SUBNET', '')
param privateDnsZoneId = readEnvironmentVariable('LXCFS_PRIVATE_DNS_ZONE', '')
param requireReadyNode = bool(readEnvironmentVariable('LXCFS_REQUIRE_READY_NODE', 'false'))
param delivery = readEnvironmentVariable('LXCFS_DELIVERY', 'hostPath')
param alertEmail = readEnvironmentVariable('LXCFS_ALERT_EMAIL', '')
