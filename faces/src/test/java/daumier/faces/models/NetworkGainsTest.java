package daumier.faces.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.faces.FaceRegion;
import daumier.faces.measure.GainCalibration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkGainsTest {
    private final GainCalibration gains =
            new GainCalibration(
                    Map.of(FaceRegion.NOSE, new GainCalibration.Slope(0.7, 0.03, 0.01)));

    @Test
    void gainsBelongToTheNetworkTheyWereMeasuredWith(@TempDir Path folder) throws IOException {
        Path network = folder.resolve("eye.safetensors");
        Files.writeString(network, "weights");
        assertTrue(NetworkGains.beside(network).isEmpty());
        Path file = NetworkGains.file(network);
        assertEquals("eye-gains.json", file.getFileName().toString());
        Files.writeString(file, NetworkGains.json(gains, network));
        assertEquals(gains, NetworkGains.beside(network).orElseThrow());
        // score --gains reads the same file without asking for the network
        assertEquals(gains, GainCalibration.read(file));
        Files.writeString(network, "other weights");
        assertTrue(NetworkGains.beside(network).isEmpty());
    }

    @Test
    void somethingElseIsRefusedInOneSentence(@TempDir Path folder) throws IOException {
        Path network = folder.resolve("eye.safetensors");
        Files.writeString(network, "weights");
        Files.writeString(NetworkGains.file(network), "{\"network\": ");
        String said =
                assertThrows(IOException.class, () -> NetworkGains.beside(network)).getMessage();
        assertTrue(said.contains("is no calibration of gains"), said);
    }
}
