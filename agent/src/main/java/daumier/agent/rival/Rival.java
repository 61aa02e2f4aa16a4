package daumier.agent.rival;

import daumier.agent.Policy;

/** A policy that was not learned but has a few constants. */
public interface Rival extends Policy {
    /** The constants, to be read by people. */
    String constants();
}
