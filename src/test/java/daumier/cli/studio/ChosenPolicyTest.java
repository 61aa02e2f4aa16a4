package daumier.cli.studio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import daumier.agent.PolicyBundle;
import daumier.env.caricature.Move;
import daumier.env.caricature.Observation;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is said of a policy. */
class ChosenPolicyTest {
    private static PolicyBundle bundle(long steps, Map<String, String> provenance) {
        return new PolicyBundle(
                "ppo",
                new JsonObject(),
                provenance,
                Observation.SPACE,
                Move.SPACE,
                Map.of("steps", steps),
                Map.of());
    }

    @Test
    void aPolicyThatOnlyImitatesIsCalledThat() {
        Map<String, String> imitated = Map.of(ChosenPolicy.IMITATED, "closed-loop rule");
        assertEquals("trained for 3,840 steps", ChosenPolicy.training(bundle(3840, imitated)));
        assertEquals(
                "which imitates the closed-loop rule and found nothing better yet",
                ChosenPolicy.training(bundle(0, imitated)));
        assertEquals(
                "which has not learned anything yet", ChosenPolicy.training(bundle(0, Map.of())));
    }
}
