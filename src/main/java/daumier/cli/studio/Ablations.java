package daumier.cli.studio;

import daumier.agent.Blindfold;
import daumier.agent.HeldAction;
import daumier.agent.LearnedPolicy;
import daumier.agent.Policy;
import daumier.env.Box;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a learned policy owes to what it sees and to what it may do. */
final class Ablations {
    /** Everything that only a look at the half-finished picture can tell. */
    private static final List<String> FACE =
            List.of(
                    "achieved",
                    "sigma",
                    "error",
                    "response",
                    "identity",
                    "cosine",
                    "style",
                    "level",
                    "level_change",
                    "plausibility");

    private static final List<String> ACTIONS = List.of("stride");

    private Ablations() {}

    /**
     * The policy with its eyes shut (each part of the observation that is measured on previews
     * stands at its mean of the training) and with a uniform stride.
     *
     * @param name of the policy
     */
    static Map<String, Policy> of(
            String name, LearnedPolicy policy, Box observations, Box actions) {
        Map<String, Policy> all = new LinkedHashMap<>();
        all.put(
                name + ", face unseen",
                new Blindfold(policy, observations, FACE, policy.typicalObservation()));
        for (String part : ACTIONS) {
            all.put(name + ", uniform " + part, new HeldAction(policy, actions, part, 0));
        }
        return all;
    }

    /** What the changed policies are, by the same names. */
    static Map<String, String> descriptions(String name) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put(
                name + ", face unseen",
                "the same policy, whatever is measured on previews replaced by its mean");
        all.put(name + ", uniform stride", "the same policy, equal strides");
        all.put(
                name + ", by warps alone",
                "the same policy, exaggeration acts by warping the estimate, not by the map");
        return all;
    }
}
