package daumier.agent.rival;

import daumier.agent.Interval;
import daumier.agent.Statistics;
import daumier.env.caricature.Terms;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Entrants that drew the same portraits, side by side: interquartile mean and mean of the composite
 * with 95% bootstrap intervals, and paired differences to one of them; by the reward's networks and
 * by the judges.
 *
 * @param entrants all of them
 * @param reference index of the one that the others are compared with
 */
public record Comparison(List<Entrant> entrants, int reference) {
    private static final double CONFIDENCE = 0.95;
    private static final int REPETITIONS = 5000;
    private static final long SEED = 1;

    /** Copies the list. */
    public Comparison {
        entrants = List.copyOf(entrants);
    }

    /** The mean composite of an entrant. */
    public Interval mean(int entrant, boolean judges) {
        return figure(entrant, judges, Statistics::mean);
    }

    /** The interquartile mean of an entrant's composite. */
    public Interval iqm(int entrant, boolean judges) {
        return figure(entrant, judges, Statistics::iqm);
    }

    private Interval figure(int entrant, boolean judges, ToDoubleFunction<double[]> figure) {
        double[] scores = entrants.get(entrant).values(judges, Terms::composite);
        return Statistics.bootstrap(scores, figure, CONFIDENCE, REPETITIONS, SEED);
    }

    /** Mean difference of an entrant's composite to the reference's, portrait by portrait. */
    public Interval difference(int entrant, boolean judges) {
        return Statistics.pairedDifference(
                entrants.get(entrant).values(judges, Terms::composite),
                entrants.get(reference).values(judges, Terms::composite),
                Statistics::mean,
                CONFIDENCE,
                REPETITIONS,
                SEED);
    }

    /** {@link #difference} in percent of the reference's mean. */
    public double percent(int entrant, boolean judges) {
        double base = Statistics.mean(entrants.get(reference).values(judges, Terms::composite));
        return 100 * difference(entrant, judges).value() / Math.abs(base);
    }

    /** Whether the judges saw everything. */
    public boolean isJudged() {
        return entrants.stream().allMatch(Entrant::isJudged);
    }

    /** Everything as text in columns. */
    public String table() {
        StringBuilder text = new StringBuilder();
        text.append(
                line(
                        "%d portraits; differences are to '%s'; intervals are 95%%",
                        entrants.get(0).outcomes().size(), entrants.get(reference).name()));
        part(text, "by the reward's networks", false);
        if (isJudged()) {
            part(text, "by the judges", true);
        }
        text.append("constants\n");
        for (Entrant entrant : entrants) {
            if (!entrant.constants().isEmpty()) {
                text.append(line("  %s: %s", entrant.name(), entrant.constants()));
            }
        }
        return text.toString();
    }

    private void part(StringBuilder text, String title, boolean judges) {
        text.append(
                line(
                        "%-34s %-21s %-21s %-30s %6s %6s %6s %6s %6s",
                        title,
                        "IQM",
                        "mean",
                        "difference",
                        "align",
                        "ident",
                        "style",
                        "plaus",
                        "calls"));
        for (int i = 0; i < entrants.size(); i++) {
            Entrant entrant = entrants.get(i);
            text.append(
                    line(
                            "%-34s %-21s %-21s %-30s %6.3f %6.3f %6.3f %6.3f %6.1f",
                            entrant.name(),
                            show(iqm(i, judges)),
                            show(mean(i, judges)),
                            i == reference
                                    ? "-"
                                    : show(difference(i, judges))
                                            + line(" %+.0f%%", percent(i, judges)).strip(),
                            Statistics.mean(entrant.values(judges, Terms::alignment)),
                            Statistics.mean(entrant.values(judges, Terms::identity)),
                            Statistics.mean(entrant.values(judges, Terms::style)),
                            Statistics.mean(entrant.values(judges, Terms::plausibility)),
                            entrant.calls()));
        }
    }

    private static String show(Interval interval) {
        return String.format(
                Locale.ROOT,
                "%.3f [%.3f, %.3f] ",
                interval.value(),
                interval.low(),
                interval.high());
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values) + "\n";
    }
}
