using Xunit;

// As in the assembly of the suites: tests count the descriptors of the whole process, and one takes all of them.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
