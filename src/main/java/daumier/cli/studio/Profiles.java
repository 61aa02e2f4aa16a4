package daumier.cli.studio;

import daumier.agent.Statistics;
import daumier.cli.chart.Figure;
import daumier.cli.chart.Line;
import daumier.cli.chart.LinePanel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Performance profiles (Agarwal et al. 2021): for every score the share of episodes that reach it.
 * A policy whose line lies above another's everywhere is better whatever one cares for.
 */
final class Profiles {
    private static final int POINTS = 121;
    private static final double WORST = -1;
    private static final double[] COMPOSITES = {0, 3};
    private static final double[] TERMS = {WORST, 1};

    private final Comparison comparison;
    private final List<String> policies;
    private final Comparison.Eyes eyes;

    /**
     * Profiles of a few policies.
     *
     * @param policies their names; more than five lines are hard to tell apart
     */
    Profiles(Comparison comparison, List<String> policies, Comparison.Eyes eyes) {
        this.comparison = comparison;
        this.policies = List.copyOf(policies);
        this.eyes = eyes;
    }

    Figure chart() {
        Figure figure =
                new Figure(2, 470, 300)
                        .title(
                                "How many faces reach a score",
                                eyes == Comparison.Eyes.JUDGES
                                        ? "by judges that no reward ever saw"
                                        : "by the reward's own networks");
        for (int i = 0; i < policies.size(); i++) {
            figure.legend(policies.get(i), i, i > 0);
        }
        return figure.add(panel("composite", COMPOSITES)).add(panel("alignment", TERMS));
    }

    private LinePanel panel(String measure, double[] range) {
        double[] scores = new double[POINTS];
        Arrays.setAll(scores, i -> range[0] + (range[1] - range[0]) * i / (double) (POINTS - 1));
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < policies.size(); i++) {
            double[] reached =
                    Statistics.performanceProfile(
                            comparison.scores(policies.get(i), measure, eyes), scores);
            lines.add(
                    Line.of(
                            policies.get(i),
                            i,
                            scores,
                            reached,
                            i > 0 ? Line.Style.DASHED : Line.Style.SOLID));
        }
        return new LinePanel(
                "", measure, "share of faces above", lines, false, OptionalDouble.empty(), 0, 1);
    }
}
