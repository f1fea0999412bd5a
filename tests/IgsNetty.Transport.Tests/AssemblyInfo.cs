using Xunit;

// Tests count the descriptors of the whole process, and one takes all of them.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
