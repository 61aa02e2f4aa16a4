package daumier.diffusion.weights;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON header of a safetensors file, read strictly: what the reference implementation refuses
 * is refused here too, and so are duplicate names.
 */
record SafetensorsHeader(Map<String, String> metadata, Map<String, TensorInfo> tensors) {

    /** The reference implementation's bound on the header, in bytes. */
    static final long MAX_BYTES = 100_000_000;

    /** More dimensions than any tensor library takes. */
    private static final int MAX_RANK = 32;

    /**
     * Reads and checks a header.
     *
     * @param file how messages call the file
     * @param json exactly the header's bytes
     * @param dataBytes how many bytes follow the header
     * @throws SafetensorsException if the header is unsound, with the reason
     */
    static SafetensorsHeader read(String file, InputStream json, long dataBytes)
            throws IOException {
        Reader utf8 =
                new InputStreamReader(
                        json,
                        StandardCharsets.UTF_8
                                .newDecoder()
                                .onMalformedInput(CodingErrorAction.REPORT)
                                .onUnmappableCharacter(CodingErrorAction.REPORT));
        try (JsonReader reader = new JsonReader(utf8)) {
            reader.setStrictness(Strictness.STRICT);
            SafetensorsHeader header = new HeaderParser(file, reader, dataBytes).parse();
            header.checkLayout(file, dataBytes);
            return header;
        } catch (MalformedJsonException
                | EOFException
                | CharacterCodingException
                | IllegalStateException
                | NumberFormatException e) {
            throw new SafetensorsException(
                    file + " is not a safetensors file: its header is not valid JSON.", e);
        }
    }

    private void checkLayout(String file, long dataBytes) throws SafetensorsException {
        List<Map.Entry<String, TensorInfo>> byOffset = new ArrayList<>(tensors.entrySet());
        byOffset.sort(
                Comparator.comparingLong((Map.Entry<String, TensorInfo> e) -> e.getValue().begin())
                        .thenComparingLong(e -> e.getValue().end()));
        long position = 0;
        String previous = "the header";
        for (Map.Entry<String, TensorInfo> entry : byOffset) {
            long begin = entry.getValue().begin();
            if (begin < position) {
                throw new SafetensorsException(
                        "%s is damaged: the data of tensor '%s' overlaps that of '%s'."
                                .formatted(file, entry.getKey(), previous));
            }
            if (begin > position) {
                throw new SafetensorsException(
                        "%s is damaged: %d bytes before tensor '%s' belong to no tensor."
                                .formatted(file, begin - position, entry.getKey()));
            }
            position = entry.getValue().end();
            previous = entry.getKey();
        }
        if (position != dataBytes) {
            throw new SafetensorsException(
                    "%s is damaged: %d bytes after the last tensor belong to no tensor."
                            .formatted(file, dataBytes - position));
        }
    }

    /** Walks the JSON once; every entry is checked as it is met. */
    private record HeaderParser(String file, JsonReader reader, long dataBytes) {

        SafetensorsHeader parse() throws IOException {
            Map<String, String> metadata = new LinkedHashMap<>();
            Map<String, TensorInfo> tensors = new LinkedHashMap<>();
            boolean metadataSeen = false;
            reader.beginObject();
            while (reader.hasNext()) {
                String name = reader.nextName();
                if (name.equals("__metadata__")) {
                    if (metadataSeen) {
                        throw damaged("the header holds __metadata__ twice");
                    }
                    metadataSeen = true;
                    readMetadata(metadata);
                } else if (tensors.put(name, readTensor(name)) != null) {
                    throw damaged("the header names tensor '" + shortened(name) + "' twice");
                }
            }
            reader.endObject();
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw damaged("something follows the header's JSON object");
            }
            return new SafetensorsHeader(
                    Collections.unmodifiableMap(metadata), Collections.unmodifiableMap(tensors));
        }

        private void readMetadata(Map<String, String> metadata) throws IOException {
            reader.beginObject();
            while (reader.hasNext()) {
                String key = reader.nextName();
                if (reader.peek() != JsonToken.STRING) {
                    throw damaged("metadata '" + shortened(key) + "' is not a string");
                }
                if (metadata.put(key, reader.nextString()) != null) {
                    throw damaged("the header names metadata '" + shortened(key) + "' twice");
                }
            }
            reader.endObject();
        }

        private TensorInfo readTensor(String name) throws IOException {
            Dtype dtype = null;
            List<Long> shape = null;
            List<Long> offsets = null;
            reader.beginObject();
            while (reader.hasNext()) {
                String field = reader.nextName();
                switch (field) {
                    case "dtype" -> {
                        refuseSecond(name, field, dtype);
                        dtype = readDtype(name);
                    }
                    case "shape" -> {
                        refuseSecond(name, field, shape);
                        shape = readSizes(name, field, MAX_RANK);
                    }
                    case "data_offsets" -> {
                        refuseSecond(name, field, offsets);
                        offsets = readSizes(name, field, 2);
                    }
                    default ->
                            throw damaged(
                                    "tensor '%s' has an unknown field '%s'"
                                            .formatted(shortened(name), shortened(field)));
                }
            }
            reader.endObject();
            if (dtype == null || shape == null || offsets == null || offsets.size() != 2) {
                throw damaged(
                        "tensor '" + shortened(name) + "' lacks a dtype, a shape or two offsets");
            }
            return checked(name, dtype, shape, offsets.get(0), offsets.get(1));
        }

        private TensorInfo checked(String name, Dtype dtype, List<Long> shape, long begin, long end)
                throws SafetensorsException {
            if (end < begin || end > dataBytes) {
                throw damaged(
                        ("tensor '%s' lies at bytes %d to %d, but the file holds %d bytes of data;"
                                        + " it may be cut short, fetch it again")
                                .formatted(shortened(name), begin, end, dataBytes));
            }
            long extent = dtype.bytes(); // strides span it even where a size of 0 leaves no bytes
            try {
                for (long size : shape) {
                    extent = Math.multiplyExact(extent, Math.max(size, 1));
                }
            } catch (ArithmeticException e) {
                throw new SafetensorsException(
                        "%s is damaged: the shape %s of tensor '%s' is beyond all memory."
                                .formatted(file, shape, shortened(name)),
                        e);
            }
            long bytes = shape.contains(0L) ? 0 : extent;
            if (bytes != end - begin) {
                throw damaged(
                        "tensor '%s' of type %s and shape %s takes %d bytes, but its offsets span %d"
                                .formatted(shortened(name), dtype, shape, bytes, end - begin));
            }
            return new TensorInfo(
                    dtype, shape.stream().mapToLong(Long::longValue).toArray(), begin, end);
        }

        private Dtype readDtype(String name) throws IOException {
            if (reader.peek() != JsonToken.STRING) {
                throw damaged("the dtype of tensor '" + shortened(name) + "' is not a string");
            }
            String text = reader.nextString();
            return Dtype.named(text)
                    .orElseThrow(
                            () ->
                                    new SafetensorsException(
                                            ("%s cannot be read: tensor '%s' has the element type"
                                                            + " '%s', which is not supported; convert the"
                                                            + " file to F32, F16 or BF16.")
                                                    .formatted(
                                                            file,
                                                            shortened(name),
                                                            shortened(text))));
        }

        private List<Long> readSizes(String name, String field, int limit) throws IOException {
            List<Long> sizes = new ArrayList<>();
            reader.beginArray();
            while (reader.hasNext()) {
                if (sizes.size() == limit) {
                    throw damaged(
                            "tensor '%s' has more than %d numbers in %s"
                                    .formatted(shortened(name), limit, field));
                }
                if (reader.peek() != JsonToken.NUMBER) {
                    throw damaged(
                            "%s of tensor '%s' is not a list of numbers"
                                    .formatted(field, shortened(name)));
                }
                sizes.add(size(name, field, reader.nextString()));
            }
            reader.endArray();
            return sizes;
        }

        /** A JSON number that is a count: digits only, so that 1e3, 2.5 and -1 are refused. */
        private long size(String name, String field, String text) throws SafetensorsException {
            if (text.isEmpty()
                    || text.length() > 19
                    || !text.chars().allMatch(c -> c >= '0' && c <= '9')
                    || (text.length() == 19 && text.compareTo("9223372036854775807") > 0)) {
                throw damaged(
                        "%s of tensor '%s' holds %s, which is not a size"
                                .formatted(field, shortened(name), shortened(text)));
            }
            return Long.parseLong(text);
        }

        private void refuseSecond(String name, String field, Object earlier)
                throws SafetensorsException {
            if (earlier != null) {
                throw damaged(
                        "tensor '%s' has the field %s twice".formatted(shortened(name), field));
            }
        }

        private SafetensorsException damaged(String reason) {
            return new SafetensorsException(file + " is damaged: " + reason + ".");
        }
    }

    /** Names come from the file: keep messages short and on one line. */
    static String shortened(String text) {
        String line = text.replaceAll("\\p{Cntrl}", "?");
        return line.length() <= 120 ? line : line.substring(0, 117) + "...";
    }
}
