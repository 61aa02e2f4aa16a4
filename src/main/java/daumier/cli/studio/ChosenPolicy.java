package daumier.cli.studio;

import daumier.agent.LearnedPolicy;
import daumier.agent.Policy;
import daumier.agent.PolicyBundle;
import daumier.agent.rival.ClosedLoopRule;
import daumier.cli.Outputs;
import daumier.cli.UserException;
import daumier.cli.run.RunFolder;
import daumier.env.Box;
import daumier.env.Space;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A policy to draw with and what to call it.
 *
 * @param name short, for tables and provenance
 * @param learned whether it was trained
 * @param description a sentence
 * @param policy itself
 * @param rivals the static schedules that were recorded with it; empty if none were
 */
record ChosenPolicy(
        String name, boolean learned, String description, Policy policy, Optional<Rivals> rivals) {
    /** Key in a policy's provenance: whom it imitated before it learned by reinforcement. */
    static final String IMITATED = "imitated";

    private static final String RULE = "rule";

    /**
     * The policy to use.
     *
     * @param given a policy file, a run's folder, {@code rule}, or null for the reference run's
     *     policy, and the closed-loop rule where there is none
     * @throws UserException if the file is no policy or one for something else
     */
    static ChosenPolicy of(Path given, Box observations, Space<double[]> actions)
            throws IOException {
        if (given != null && given.toString().equals(RULE)) {
            return rule(observations, "The hand-written closed-loop rule.");
        }
        Optional<Path> file = given == null ? reference() : Optional.of(file(given));
        if (file.isEmpty()) {
            return rule(
                    observations,
                    "There is no reference run here, so the hand-written closed-loop rule draws;"
                            + " daumier train makes a policy.");
        }
        PolicyBundle bundle = read(file.get());
        bundle.requireSpaces(observations, actions);
        return new ChosenPolicy(
                shortName(file.get()),
                true,
                "The policy %s, %s.".formatted(file.get(), training(bundle)),
                LearnedPolicy.of(bundle, 0),
                rivals(file.get(), bundle));
    }

    /** What a policy has learned, for a sentence: the best of a run may be its very first. */
    static String training(PolicyBundle bundle) {
        long steps = bundle.counters().getOrDefault("steps", 0L);
        if (steps > 0) {
            return "trained for %,d steps".formatted(steps);
        }
        String imitated = bundle.provenance().get(IMITATED);
        return imitated == null
                ? "which has not learned anything yet"
                : "which imitates the %s and found nothing better yet".formatted(imitated);
    }

    private static ChosenPolicy rule(Box observations, String description) {
        return new ChosenPolicy(
                "closed-loop rule",
                false,
                description,
                new ClosedLoopRule(observations, ClosedLoopRule.Gains.standard()),
                Optional.empty());
    }

    /** From the policy itself, else from the run's folder it lies in. */
    private static Optional<Rivals> rivals(Path file, PolicyBundle bundle) throws IOException {
        String text = bundle.provenance().get(Rivals.PROVENANCE);
        if (text != null) {
            return Optional.of(Rivals.parse(text, file.toString()));
        }
        Path beside = file.resolveSibling(Rivals.FILE);
        return Files.isRegularFile(beside) ? Optional.of(Rivals.read(beside)) : Optional.empty();
    }

    /**
     * The policy in a file or in a run's folder.
     *
     * @throws UserException if there is none
     */
    static PolicyBundle bundle(Path given) throws IOException {
        return read(file(given));
    }

    /** Reads a policy file. */
    static PolicyBundle read(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return PolicyBundle.read(in);
        } catch (IllegalArgumentException e) {
            throw new UserException(file + " is of no use: " + e.getMessage(), e);
        }
    }

    private static Path file(Path given) throws IOException {
        if (!Files.isDirectory(given)) {
            return given;
        }
        return RunFolder.open(given)
                .policy()
                .orElseThrow(
                        () ->
                                new UserException(
                                        "The run "
                                                + given
                                                + " has saved no policy yet; let it train on."));
    }

    private static String shortName(Path file) {
        Path parent = file.toAbsolutePath().normalize().getParent();
        String name = Outputs.name(file);
        return name.equals("policy.zip") && parent != null ? Outputs.name(parent) : name;
    }

    /** The reference run's policy, beside the sources or in the working folder. */
    static Optional<Path> reference() {
        List<Path> places = new ArrayList<>();
        String home = System.getProperty("daumier.home");
        if (home != null) {
            places.add(Path.of(home));
        }
        places.add(Path.of(""));
        return places.stream()
                .map(place -> place.resolve("training-runs").resolve("reference"))
                .map(run -> run.resolve("policy.zip"))
                .filter(Files::isRegularFile)
                .findFirst();
    }
}
