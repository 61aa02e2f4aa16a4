package daumier.env.caricature;

import java.util.Optional;

/**
 * How an episode goes.
 *
 * @param decisions most decisions a drawing has, at least 1
 * @param technique how the pack is drawn with
 * @param means how exaggeration acts
 * @param foresight how previews are made
 * @param reward what is paid for
 * @param pictures whether the last info of an episode holds the finished picture
 * @param reference a portrait that all drawings look at, if there is one
 */
public record Settings(
        int decisions,
        Technique technique,
        Means means,
        Foresight foresight,
        Reward reward,
        boolean pictures,
        Optional<PortraitReference> reference) {
    /** How exaggeration acts on the picture. */
    public enum Means {
        /** Through the geometry adapter's condition map. */
        ADAPTER,
        /** By warping the decoded estimate of the picture, which the remaining steps repair. */
        WARP,
        /** Both: the map, and a warp by what the last increments ask for. */
        BOTH
    }

    /** How the finished picture is foreseen. */
    public enum Foresight {
        /** The estimate of the clean latents that the last call gave. */
        ESTIMATE,
        /** One more call with the pack's LCM-LoRA. */
        CONSISTENCY
    }

    /** Checks the numbers. */
    public Settings {
        if (decisions < 1) {
            throw new IllegalArgumentException("An episode needs at least one decision.");
        }
    }

    /** Without a reference. */
    public Settings(
            int decisions,
            Technique technique,
            Means means,
            Foresight foresight,
            Reward reward,
            boolean pictures) {
        this(decisions, technique, means, foresight, reward, pictures, Optional.empty());
    }

    /** Six decisions of two calls, through the adapter, with plain estimates. */
    public static Settings standard() {
        return new Settings(
                6, Technique.words(), Means.ADAPTER, Foresight.ESTIMATE, Reward.standard(), false);
    }

    /** The same, other means. */
    public Settings withMeans(Means other) {
        return new Settings(decisions, technique, other, foresight, reward, pictures, reference);
    }

    /** The same, with finished pictures in the infos. */
    public Settings withPictures() {
        return new Settings(decisions, technique, means, foresight, reward, true, reference);
    }

    /** The same, drawn otherwise. */
    public Settings with(Technique other) {
        return new Settings(decisions, other, means, foresight, reward, pictures, reference);
    }

    /** The same, looking at a portrait. */
    public Settings with(PortraitReference portrait) {
        return new Settings(
                decisions, technique, means, foresight, reward, pictures, Optional.of(portrait));
    }

    /** U-Net calls between two decisions. */
    public int callsPerDecision() {
        return technique.callsPerDecision();
    }
}
