package fleet.api.service;

import fleet.api.ExplanationResource;
import fleet.api.OutcomeResource;
import fleet.api.RunResource;
import fleet.api.service.UnitIndex.Report;
import fleet.cluster.Invocation;
import fleet.cluster.Outcome;
import fleet.cluster.UnitState;

/// A machine's report of a unit as explanations have it.
final class ExplainedState {

  private ExplainedState() {}

  static ExplanationResource.State of(Report report) {
    UnitState state = report.state();
    return new ExplanationResource.State(
        report.machine().text(),
        ClusterView.hash(state),
        state.reached().text(),
        state.load(),
        state.active(),
        state.sub(),
        state.result(),
        state.problem(),
        state.generation(),
        state.log(),
        state.outcomes().stream().map(ExplainedState::of).toList(),
        of(state.invocation()));
  }

  static RunResource of(Invocation run) {
    return new RunResource(run.id(), run.restarts(), run.exit(), run.crashLooping());
  }

  static OutcomeResource of(Outcome outcome) {
    return new OutcomeResource(
        outcome.order().number(),
        outcome.order().id().text(),
        outcome.order().kind().text(),
        outcome.result().text(),
        outcome.words(),
        of(outcome.before()),
        of(outcome.after()));
  }

  private static OutcomeResource.Seen of(Outcome.Seen seen) {
    return new OutcomeResource.Seen(seen.active(), seen.sub(), seen.result(), seen.invocation());
  }
}
