package daumier.faces.world;

/** What grows on the lower face. */
public enum FacialHair {
    /** Nothing. */
    NONE(""),
    /** A few days' shadow. */
    STUBBLE("stubble"),
    /** Upper lip only. */
    MOUSTACHE("moustache"),
    /** Chin and upper lip. */
    GOATEE("goatee"),
    /** Everything. */
    BEARD("beard");

    private final String word;

    FacialHair(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }
}
