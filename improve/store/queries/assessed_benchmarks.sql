-- One row per closed round and instrument of which its benchmark has an assessment.
-- Caller: benchmark.read_assessed_benchmarks
select distinct round, instrument from benchmark_assessment
union
select distinct round, instrument from benchmark_readiness
