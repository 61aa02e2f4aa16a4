package daumier.env.caricature;

/**
 * How a pack is drawn with.
 *
 * @param callsPerDecision U-Net calls between two decisions, at least 1
 * @param guidanceScale of classifier-free guidance; 1 or less leaves it out
 * @param negativePrompt what guidance leads away from
 * @param strength as in diffusers' image-to-image: 1 begins with pure noise; less begins with the
 *     sitter's photograph, noised so far. Above 0
 */
public record Technique(
        int callsPerDecision, double guidanceScale, String negativePrompt, double strength) {
    /** Checks the ranges. */
    public Technique {
        if (callsPerDecision < 1) {
            throw new IllegalArgumentException("There is at least one U-Net call a decision.");
        }
        if (!(guidanceScale >= 0 && guidanceScale <= 30)) {
            throw new IllegalArgumentException(
                    "The guidance scale lies between 0 and 30, not at " + guidanceScale + ".");
        }
        if (!(strength > 0 && strength <= 1)) {
            throw new IllegalArgumentException(
                    "The strength must be above 0 and at most 1, but it is " + strength + ".");
        }
    }

    /** For packs with a geometry adapter that were trained on the face world: words and map. */
    public static Technique words() {
        return new Technique(2, 1, "", 1);
    }

    /**
     * For packs without an adapter, such as Stable Diffusion 1.x: from the photograph, which is
     * what keeps the likeness there, with guidance.
     */
    public static Technique photograph() {
        return new Technique(4, 7, "photograph, deformed, blurry", 0.6);
    }

    /** Whether drawings begin with the photograph. */
    boolean beginsWithPhotograph() {
        return strength < 1;
    }

    /** Whether there is guidance. */
    boolean isGuided() {
        return guidanceScale > 1;
    }
}
