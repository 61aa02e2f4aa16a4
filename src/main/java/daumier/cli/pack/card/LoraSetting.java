package daumier.cli.pack.card;

import daumier.env.caricature.Move;
import daumier.faces.MeterTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How strongly a LoRA acts over a drawing of a neutral map.
 *
 * @param name for tables
 * @param weight while it acts
 * @param first whether it acts in the first half
 * @param second whether it acts in the second half
 */
record LoraSetting(String name, double weight, boolean first, boolean second)
        implements Drawings.Plan {
    private static final double[] WEIGHTS = {0, 0.2, 0.4, 0.6, 0.8, 1, 1.2};

    /** Constant weights, then weight 1 in either half. */
    static List<LoraSetting> all() {
        List<LoraSetting> all = new ArrayList<>();
        for (double weight : WEIGHTS) {
            all.add(
                    new LoraSetting(
                            String.format(Locale.ROOT, "%.1f", weight), weight, true, true));
        }
        all.add(new LoraSetting("early", 1, true, false));
        all.add(new LoraSetting("late", 1, false, true));
        return all;
    }

    boolean isConstant() {
        return first && second;
    }

    @Override
    public Move at(int decision, int decisions) {
        boolean acts = 2 * decision < decisions ? first : second;
        return new Move(new double[MeterTarget.REGIONS.size()], acts ? weight : 0, 1);
    }
}
