package daumier.cli.studio;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import daumier.agent.Policy;
import daumier.agent.RandomPolicy;
import daumier.agent.rival.ClosedLoopRule;
import daumier.agent.rival.DifferenceFromMean;
import daumier.agent.rival.StaticSchedule;
import daumier.agent.rival.Tuning;
import daumier.cli.UserException;
import daumier.env.Box;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The rivals of a policy, tuned.
 *
 * @param gain of the best static schedule, for each unit of intent
 * @param weightFrom its LoRA weight at the first decision
 * @param weightTo its LoRA weight at the last decision
 * @param begin progress at which its exaggeration begins
 * @param rampGain gain at which the ramp from 0.3 to 0.7 is best
 * @param meanGain gain of the best difference from the mean
 * @param meanWeight its LoRA weight
 * @param rule constants of the closed-loop rule
 */
record Rivals(
        double gain,
        double weightFrom,
        double weightTo,
        double begin,
        double rampGain,
        double meanGain,
        double meanWeight,
        ClosedLoopRule.Gains rule) {
    /** The file of a run or a comparison that holds tuned rivals. */
    static final String FILE = "rivals.json";

    /** Key of the rivals in a policy's provenance, as compact JSON. */
    static final String PROVENANCE = "rivals";

    /** Key of the best static schedule. */
    static final String STATIC = "best static";

    /** Key of the hand-written rule. */
    static final String RULE = "closed-loop rule";

    /** Key of the search that may draw each portrait ten times. */
    static final String SEARCH = "guided search, 10 x calls";

    /** Key of the ramp. */
    static final String RAMP = "ramp 0.3 to 0.7";

    private static final double RAMP_FROM = 0.3;
    private static final double RAMP_TO = 0.7;
    private static final long RULE_SEED = 7;

    /** Figures that are sensible before anything was tuned. */
    static Rivals untuned() {
        return new Rivals(1.1, 0.6, 0.6, 0, 1.1, 0.4, 0.6, ClosedLoopRule.Gains.standard());
    }

    /** What a tuning found. */
    static Rivals of(
            StaticSchedule fixed,
            StaticSchedule ramp,
            DifferenceFromMean mean,
            ClosedLoopRule rule) {
        return new Rivals(
                fixed.gain(),
                fixed.weightFrom(),
                fixed.weightTo(),
                fixed.begin(),
                ramp.gain(),
                mean.gain(),
                mean.weight(),
                rule.gains());
    }

    /**
     * Tunes all rivals on training portraits.
     *
     * @param ruleTries candidates of the closed-loop rule, at least 1
     */
    static Rivals tuned(Tuning tuning, Box space, int ruleTries) {
        return of(
                tuning.best(Tuning.grid(space)),
                tuning.best(Tuning.ramps(space)),
                tuning.best(Tuning.differences(space)),
                tuning.best(Tuning.rules(space, ruleTries, RULE_SEED)));
    }

    /**
     * A few static schedules that are sensible everywhere, from the beginning or warped in later.
     */
    static List<StaticSchedule> coarse(Box space) {
        return Tuning.grid(space).stream()
                .filter(s -> s.weightFrom() == s.weightTo())
                .filter(s -> s.gain() > 1 && s.gain() < 1.2)
                .filter(s -> s.weightFrom() > 0.3 && s.weightFrom() < 1)
                .toList();
    }

    /** The same in a hurry: a coarse grid, the other rivals as they are. */
    static Rivals hurried(Tuning tuning, Box space) {
        StaticSchedule fixed = tuning.best(coarse(space));
        Rivals others = untuned();
        return new Rivals(
                fixed.gain(),
                fixed.weightFrom(),
                fixed.weightTo(),
                fixed.begin(),
                fixed.gain(),
                others.meanGain(),
                fixed.weightFrom(),
                others.rule());
    }

    /** All rivals by name, in the order of tables. */
    Map<String, Policy> policies(Box observations, Box actions, long seed) {
        Map<String, Policy> all = new LinkedHashMap<>();
        all.put(RULE, rule(observations));
        all.put(STATIC, fixed(observations));
        all.put(RAMP, new StaticSchedule(observations, rampGain, RAMP_FROM, RAMP_TO, 0));
        all.put("difference from mean", new DifferenceFromMean(observations, meanGain, meanWeight));
        all.put("no LoRA", new StaticSchedule(observations, gain, 0, 0, begin));
        all.put("random", new RandomPolicy(actions, seed));
        return all;
    }

    /** What each rival is, by name. */
    Map<String, String> descriptions() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put(RULE, "hand-written proportional feedback, " + gains());
        all.put(
                STATIC,
                format(
                        "LoRA weight from %.2f to %.2f, exaggeration %.2f times the intent from"
                                + " %.0f%% on",
                        weightFrom, weightTo, gain, 100 * begin));
        all.put(
                RAMP,
                format(
                        "LoRA weight from 0.3 to 0.7, exaggeration %.2f times the intent",
                        rampGain));
        all.put(
                "difference from mean",
                format(
                        "every region by %.2f whatever was asked, LoRA weight %.2f",
                        meanGain, meanWeight));
        all.put("no LoRA", format("exaggeration %.2f times the intent, no style", gain));
        all.put("random", "uniform actions");
        return all;
    }

    private String gains() {
        return format(
                "first gain %.2f and weight %.2f, then geometry %.2f, style %.2f, identity %.2f,"
                        + " level %.2f, floor %.2f, answer %.2f, stride %.2f",
                rule.firstGain(),
                rule.firstWeight(),
                rule.geometry(),
                rule.style(),
                rule.identity(),
                rule.level(),
                rule.floor(),
                rule.answer(),
                rule.stride());
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /** The closed-loop rule as a policy. */
    ClosedLoopRule rule(Box observations) {
        return new ClosedLoopRule(observations, rule);
    }

    /** The best static schedule as a policy. */
    StaticSchedule fixed(Box observations) {
        return new StaticSchedule(observations, gain, weightFrom, weightTo, begin);
    }

    /** As JSON. */
    JsonObject toJson() {
        return new Gson().toJsonTree(this).getAsJsonObject();
    }

    /**
     * The rivals in a file that {@code compare} or {@code train} wrote.
     *
     * @throws UserException if it holds none
     */
    static Rivals read(Path file) throws IOException {
        return parse(Files.readString(file), file.toString());
    }

    /**
     * The rivals in a text.
     *
     * @param place where the text stands, for complaints
     * @throws UserException if it holds none
     */
    static Rivals parse(String text, String place) {
        try {
            Rivals read = fromJson(JsonParser.parseString(text).getAsJsonObject());
            if (read.rule() != null) {
                return read;
            }
        } catch (JsonParseException | IllegalStateException e) {
            throw new UserException(place + " holds no tuned rivals: it is no such JSON.", e);
        }
        throw new UserException(place + " holds no tuned rivals.");
    }

    /** The reverse of {@link #toJson()}. */
    static Rivals fromJson(JsonObject json) {
        return new Gson().fromJson(json, Rivals.class);
    }
}
