package daumier.agent.rival;

import daumier.env.Box;
import daumier.env.caricature.Move;

/** Reads the named parts of an observation. */
record View(Box space) {
    double scalar(double[] observation, String part) {
        return observation[space.part(part).offset()];
    }

    double[] vector(double[] observation, String part) {
        return space.slice(observation, part);
    }

    /**
     * What is missing by region in units of the face's own displacement, trusted as far as the
     * meter's error bar allows.
     */
    double[] relativeError(double[] observation) {
        double[] error = vector(observation, "error");
        double[] sigma = vector(observation, "sigma");
        double[] deviation = vector(observation, "deviation");
        double[] relative = new double[error.length];
        for (int r = 0; r < relative.length; r++) {
            double own = Math.max(deviation[r], Move.LEAST_DEVIATION);
            double trust = own * own / (own * own + sigma[r] * sigma[r]);
            relative[r] = trust * Math.max(-MOST_ERROR, Math.min(MOST_ERROR, error[r] / own));
        }
        return relative;
    }

    private static final double MOST_ERROR = 1.5;
}
