using LxcfsFunctions.EndToEnd.Kubelet;
using LxcfsFunctions.EndToEnd.Parts;

// An API server, a node's containers and the functions want both cores.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
[assembly: AssemblyFixture(typeof(SharedCluster))]
[assembly: AssemblyFixture(typeof(SharedNode))]
