package daumier.env.caricature;

import daumier.faces.Picture;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * How an episode ended. Outcomes are equal if everything but the time they took is.
 *
 * @param spec what was asked for
 * @param reward the finished picture as the reward's networks see it
 * @param judged the same as the judges see it, or null without judges
 * @param unetCalls network calls that were spent on it
 * @param seconds wall time since the episode's reset, shared with the other lanes
 * @param decisions what was decided, in order
 * @param picture the finished picture, or null where the settings do not ask for it
 */
public record Outcome(
        EpisodeSpec spec,
        Terms reward,
        Terms judged,
        int unetCalls,
        double seconds,
        List<Decision> decisions,
        Picture picture) {
    /** Copies the list. */
    public Outcome {
        decisions = List.copyOf(decisions);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Outcome other
                && spec.equals(other.spec)
                && reward.equals(other.reward)
                && Objects.equals(judged, other.judged)
                && unetCalls == other.unetCalls
                && decisions.equals(other.decisions)
                && Arrays.equals(bytes(), other.bytes());
    }

    private byte[] bytes() {
        return picture == null ? null : picture.rgb();
    }

    @Override
    public int hashCode() {
        return Objects.hash(spec, reward, judged, unetCalls);
    }
}
