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
    /** Ends the name of a policy that may only warp. */
    static final String BY_WARPS = ", by warps alone";

    /** Ends the name of a policy that may only change the adapter's map. */
    static final String BY_MAP = ", by the map alone";

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

    private static final String UNSEEN = ", face unseen";

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
                name + UNSEEN,
                new Blindfold(policy, observations, FACE, policy.typicalObservation()));
        for (String part : ACTIONS) {
            all.put(name + ", uniform " + part, new HeldAction(policy, actions, part, 0));
        }
        return all;
    }

    /** What a changed policy is, by its name. */
    static String description(String name) {
        if (name.endsWith(UNSEEN)) {
            return "the same policy, whatever is measured on previews replaced by its mean";
        }
        if (name.endsWith(BY_WARPS)) {
            return "the same policy, exaggeration acts by warping the estimate, not by the map";
        }
        return name.endsWith(BY_MAP)
                ? "the same policy, exaggeration acts by the adapter's map, not by warps"
                : "the same policy, equal strides";
    }
}
