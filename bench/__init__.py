"""Speed, measured as ratios: each path beside a baseline that ran in the same minute (docs/bench.md)."""
