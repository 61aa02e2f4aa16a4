package daumier.faces.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scale of cosines is computed, and holds beyond what can be counted. */
final class IdentityScaleTest {
    @TempDir private Path folder;

    /** Two photographs each of {@code people}, with exponential tails of strangers. */
    private static List<IdentityScale.Pair> pairs(int people, Random r) {
        List<IdentityScale.Pair> all = new ArrayList<>();
        for (int i = 0; i < people; i++) {
            all.add(new IdentityScale.Pair(i, i, 0.7 + 0.08 * r.nextGaussian()));
            for (int j = 0; j < i; j++) {
                double x = -0.12 - 0.06 * Math.log(1 - r.nextDouble());
                all.add(new IdentityScale.Pair(i, j, x));
            }
        }
        return all;
    }

    @Test
    void theTailIsFollowedBeyondTheCount() {
        double truth = -0.12 - 0.06 * Math.log(1e-3);
        IdentityScale few = IdentityScale.of("n", "f", pairs(25, new Random(3)));
        assertEquals(300, few.strangerPairs());
        assertEquals(truth, few.lost(), 0.1);
        assertTrue(few.lostError() > 0.003 && few.lostError() < 0.1, "" + few.lostError());
        double[] many = new double[200_000];
        Random r = new Random(4);
        for (int i = 0; i < many.length; i++) {
            many[i] = -0.12 - 0.06 * Math.log(1 - r.nextDouble());
        }
        Arrays.sort(many);
        assertEquals(truth, IdentityScale.threshold(many, 1e-3), 0.01);
        assertTrue(few.recognisable() > few.lost());
        assertEquals(IdentityScale.Meaning.RECOGNISABLE, few.meaning(0.9));
        assertEquals(IdentityScale.Meaning.LOST, few.meaning(0));
        assertEquals(
                IdentityScale.Meaning.DOUBTFUL, few.meaning((few.lost() + few.recognisable()) / 2));
    }

    @Test
    void tooFewPeopleAreRefused() {
        String message =
                assertThrows(
                                IllegalArgumentException.class,
                                () -> IdentityScale.of("n", "f", pairs(4, new Random(1))))
                        .getMessage();
        assertTrue(message.contains("too few"), message);
    }

    @Test
    void aScaleBelongsToOneNetwork() throws IOException {
        Path file =
                Files.copy(
                        ArcFaceNetworkTest.resource("tiny-identity.onnx"),
                        folder.resolve("tiny.onnx"));
        ArcFaceNetwork network = ArcFaceNetwork.open(file);
        assertEquals(Optional.empty(), IdentityScale.read(network, null));
        IdentityScale scale =
                IdentityScale.of("tiny", network.fingerprint(), pairs(25, new Random(3)));
        Files.writeString(IdentityScale.beside(file), scale.toJson());
        assertEquals(Optional.of(scale), IdentityScale.read(network, null));
        Path other = folder.resolve("other.json");
        Files.writeString(
                other, IdentityScale.of("tiny", "another", pairs(25, new Random(3))).toJson());
        assertThrows(IOException.class, () -> IdentityScale.read(network, other));
        Files.writeString(other, "[");
        assertThrows(IOException.class, () -> IdentityScale.read(network, other));
    }

    @Test
    void peopleAreFoldersOrNames() throws IOException {
        Files.createDirectories(folder.resolve("ann"));
        Files.writeString(folder.resolve("ann/1.jpg"), "");
        Files.writeString(folder.resolve("ann/2.png"), "");
        Files.writeString(folder.resolve("bob_smith_a.jpg"), "");
        Files.writeString(folder.resolve("bob_smith_b.jpg"), "");
        Files.writeString(folder.resolve("carl.jpg"), "");
        Files.writeString(folder.resolve("list.txt"), "");
        PortraitFolder people = PortraitFolder.open(folder);
        assertEquals(List.of("ann", "bob_smith", "carl"), List.copyOf(people.people().keySet()));
        assertEquals(2, people.people().get("bob_smith").size());
        assertThrows(IOException.class, () -> PortraitFolder.open(folder.resolve("carl.jpg")));
    }
}
