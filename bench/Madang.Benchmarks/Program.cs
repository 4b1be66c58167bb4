using BenchmarkDotNet.Running;

BenchmarkSwitcher.FromAssembly(typeof(Madang.Benchmarks.SharedCommits).Assembly).Run(args);
