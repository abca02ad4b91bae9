using LxcfsFunctions.ClusterTests.Rig;

// A cluster wants both cores.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
[assembly: AssemblyFixture(typeof(EventReport))]
