package daumier.faces.world;

/** The hair cuts of the face world; each has the words that captions use for it. */
public enum HairStyle {
    /** No hair at all. */
    BALD("bald", ""),
    /** Cropped close to the skull. */
    CROP("cropped", "hair"),
    /** Short with a side parting. */
    SIDE_PART("side-parted", "hair"),
    /** Chin length, straight. */
    BOB("", "bob"),
    /** Over the shoulders, side-swept. */
    LONG("long", "hair"),
    /** A round cloud. */
    AFRO("", "afro"),
    /** Pulled back into a bun on the crown. */
    BUN("", "bun"),
    /** Short spikes. */
    SPIKY("spiky", "hair"),
    /** Bowl cut with a fringe over the forehead. */
    FRINGE("", "fringe"),
    /** Shoulder-length curls. */
    CURLY("curly", "hair"),
    /** Pulled back, tail over one shoulder. */
    PONYTAIL("", "ponytail"),
    /** A crest over a bare skull. */
    MOHAWK("", "mohawk"),
    /** Long with a middle parting. */
    CURTAINS("parted", "hair"),
    /** Bare crown, hair at the sides. */
    RECEDING("receding", "hair"),
    /** Combed up and back, high over the forehead. */
    QUIFF("", "quiff");

    private final String before;
    private final String after;

    HairStyle(String before, String after) {
        this.before = before;
        this.after = after;
    }

    /** For example "long red hair", "black afro" or "bald red brows". */
    String words(String colour) {
        return this == BALD
                ? "bald " + colour + " brows"
                : (before + " " + colour + " " + after).trim();
    }
}
