package daumier.cli.studio;

import daumier.agent.LearnedPolicy;
import daumier.agent.Learner;
import daumier.agent.NamedArray;
import daumier.agent.PolicyBundle;
import daumier.agent.StopSignal;
import daumier.agent.TrainingListener;
import daumier.agent.TrainingOutcome;
import daumier.agent.rl4j.DqnLearner;
import daumier.agent.rl4j.PpoLearner;
import daumier.cli.UserException;
import daumier.env.Box;
import daumier.env.DiscreteMoves;
import daumier.env.VectorEnvironment;
import daumier.env.caricature.CaricatureMoves;
import daumier.env.caricature.Move;
import daumier.env.caricature.Observation;
import java.util.LinkedHashMap;
import java.util.Map;

/** A learner together with how it sees the environment: the two algorithms under one roof. */
sealed interface Student {
    /** The learner. */
    Learner<?> learner();

    /** As {@link Learner#train}, on lanes of continuous actions. */
    TrainingOutcome train(
            VectorEnvironment<double[]> lanes,
            long until,
            TrainingListener listener,
            StopSignal stop);

    /** One that has seen nothing. */
    static Student fresh(TrainPlan plan, Box observations, Box actions) {
        return switch (plan.learner()) {
            case PPO -> new Ppo(new PpoLearner(plan.ppo(), observations, actions, plan.seed()));
            case DQN ->
                    new Dqn(
                            new DqnLearner(
                                    plan.dqn(),
                                    observations,
                                    actions,
                                    CaricatureMoves.table(),
                                    plan.seed()));
        };
    }

    /** One that goes on from a checkpoint of the same plan. */
    static Student resumed(TrainPlan plan, PolicyBundle bundle) {
        return switch (plan.learner()) {
            case PPO -> new Ppo(PpoLearner.resume(bundle, plan.ppo()));
            case DQN -> new Dqn(DqnLearner.resume(bundle));
        };
    }

    /**
     * Makes sure that a training can begin with a policy.
     *
     * @param name of the policy, for complaints
     * @throws UserException if another algorithm trained it
     * @throws daumier.agent.PolicyMismatchException if it sees or does something else
     */
    static void requireFitting(PolicyBundle other, String name) {
        if (!other.kind().equals(LearnedPolicy.PPO)) {
            throw new UserException(
                    name + " was not trained by PPO, so no training can begin with it.");
        }
        other.requireSpaces(Observation.SPACE, Move.SPACE);
    }

    /** A fresh PPO learner with the networks and the normaliser of another, fitting policy. */
    static Student initialised(PpoLearner fresh, PolicyBundle other) {
        PolicyBundle bundle = fresh.checkpoint(Map.of());
        Map<String, NamedArray> arrays = new LinkedHashMap<>(bundle.arrays());
        other.arrays()
                .forEach(
                        (key, array) -> {
                            if (key.startsWith("network.")
                                    || key.equals("normalizer.observation")) {
                                arrays.put(key, array);
                            }
                        });
        return new Ppo(
                PpoLearner.resume(
                        new PolicyBundle(
                                bundle.kind(),
                                bundle.config(),
                                bundle.provenance(),
                                bundle.observationSpace(),
                                bundle.actionSpace(),
                                bundle.counters(),
                                arrays)));
    }

    /** Proximal policy optimisation. */
    record Ppo(PpoLearner learner) implements Student {
        @Override
        public TrainingOutcome train(
                VectorEnvironment<double[]> lanes,
                long until,
                TrainingListener listener,
                StopSignal stop) {
            return learner.train(lanes, until, listener, stop);
        }
    }

    /** Double DQN over the table of moves. */
    record Dqn(DqnLearner learner) implements Student {
        @Override
        public TrainingOutcome train(
                VectorEnvironment<double[]> lanes,
                long until,
                TrainingListener listener,
                StopSignal stop) {
            return learner.train(
                    new DiscreteMoves(lanes, CaricatureMoves.table()), until, listener, stop);
        }
    }
}
