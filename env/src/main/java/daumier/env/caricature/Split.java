package daumier.env.caricature;

/** Who is drawn when: people are divided before anything, and no one changes sides. */
public enum Split {
    /** People that policies and baselines are trained and tuned on. */
    TRAIN(1_000_000_000L, 100_000),
    /** People that choices between policies are made on. */
    VALIDATION(2_000_000_000L, 2_000),
    /** People that everybody meets once. */
    TEST(3_000_000_000L, 2_000);

    private final long firstSeed;
    private final int people;

    Split(long firstSeed, int people) {
        this.firstSeed = firstSeed;
        this.people = people;
    }

    /** How many different people there are. */
    public int people() {
        return people;
    }

    /**
     * The seed that person {@code i} of this split is made from.
     *
     * @param i 0 to {@link #people()} - 1
     */
    public long seedOf(int i) {
        if (i < 0 || i >= people) {
            throw new IllegalArgumentException(
                    name() + " has people 0 to " + (people - 1) + ", not " + i + ".");
        }
        return firstSeed + i;
    }
}
