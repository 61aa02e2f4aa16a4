package daumier.cli.studio;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import daumier.cli.Outputs;
import daumier.cli.Version;
import daumier.env.caricature.Split;
import daumier.env.caricature.Studio;
import java.util.List;
import java.util.Locale;

/** What a training run says of itself in its {@code config.json}: enough to repeat it. */
final class RunConfig {
    private RunConfig() {}

    /** All of it but what is measured or learned on the way. */
    static JsonObject of(TrainPlan plan, Studio studio, Training.Start start) {
        JsonObject config = new JsonObject();
        config.addProperty("daumier", Version.number());
        config.addProperty("command", "train");
        config.addProperty("pack_name", Outputs.name(studio.pack().folder()));
        config.add("styles", strings(studio.styles()));
        JsonObject people = new JsonObject();
        for (Split split : Split.values()) {
            people.addProperty(
                    split.name().toLowerCase(Locale.ROOT),
                    "%d people from seed %d on".formatted(split.people(), split.seedOf(0)));
        }
        config.add("identities", people);
        config.addProperty("init", start.name());
        if (start.init() != null) {
            JsonObject origin = new JsonObject();
            start.init()
                    .provenance()
                    .forEach(
                            (key, value) -> {
                                if (!key.equals(Rivals.PROVENANCE)) {
                                    origin.addProperty(key, value);
                                }
                            });
            start.init().counters().forEach(origin::addProperty);
            config.add("init_provenance", origin);
        }
        plan.addTo(config);
        config.add(
                plan.learner().name().toLowerCase(Locale.ROOT),
                plan.learner() == TrainPlan.LearnerName.PPO
                        ? plan.ppo().toJson()
                        : plan.dqn().toJson());
        return config;
    }

    private static JsonArray strings(List<String> values) {
        JsonArray array = new JsonArray();
        values.forEach(array::add);
        return array;
    }
}
