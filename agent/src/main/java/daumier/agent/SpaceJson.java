package daumier.agent;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import daumier.env.Box;
import java.util.ArrayList;
import java.util.List;

/** A box as JSON; infinite bounds, which JSON has no number for, are written as text. */
final class SpaceJson {
    private SpaceJson() {}

    static JsonObject write(Box box) {
        JsonArray parts = new JsonArray();
        for (Box.Part part : box.parts()) {
            JsonObject json = new JsonObject();
            json.addProperty("name", part.name());
            json.addProperty("size", part.size());
            parts.add(json);
        }
        JsonObject json = new JsonObject();
        json.add("parts", parts);
        json.add("low", numbers(box.low()));
        json.add("high", numbers(box.high()));
        return json;
    }

    static Box read(JsonObject json) {
        List<Box.Part> parts = new ArrayList<>();
        int offset = 0;
        for (JsonElement element : json.getAsJsonArray("parts")) {
            JsonObject part = element.getAsJsonObject();
            int size = part.get("size").getAsInt();
            parts.add(new Box.Part(part.get("name").getAsString(), offset, size));
            offset += size;
        }
        return new Box(
                numbers(json.getAsJsonArray("low")), numbers(json.getAsJsonArray("high")), parts);
    }

    private static JsonArray numbers(double[] values) {
        JsonArray array = new JsonArray();
        for (double value : values) {
            array.add(
                    Double.isFinite(value)
                            ? new JsonPrimitive(value)
                            : new JsonPrimitive(Double.toString(value)));
        }
        return array;
    }

    private static double[] numbers(JsonArray array) {
        double[] values = new double[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).getAsDouble();
        }
        return values;
    }
}
