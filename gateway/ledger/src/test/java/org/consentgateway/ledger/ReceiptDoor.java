package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.proof.Receipt;
import org.consentgateway.ledger.proof.ReceiptCheck;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.tree.VerifierKey;
import org.consentgateway.testkit.fuzz.Door;
import org.consentgateway.testkit.fuzz.InputFile;

/** A receipt that somebody shows: whatever holds says what the genuine one says, word for word. */
final class ReceiptDoor implements Door {
    private final Path folder = Files.createTempDirectory("receipts");
    private final InputFile inputs = new InputFile(".receipt");
    private final List<VerifierKey> keys;
    private final List<byte[]> genuine = new ArrayList<>();
    private final Set<List<String>> saying = new HashSet<>();

    ReceiptDoor() throws Exception {
        LedgerSettings settings = TestStore.SQLITE.settings(folder);
        Receipt receipt;
        try (Ledger ledger = Ledger.open(settings, InstantSource.fixed(Records.START))) {
            ledger.keep(List.of(SpokenConsent.NOTICE), Records.START);
            LedgerTest.fill(ledger, 5);
            receipt =
                    Records.receipt(
                            ledger,
                            settings,
                            Records.append(ledger, SpokenConsent.given(true)).entryId());
        }
        keys = KeyFiles.verifiers(settings.keys().resolve("verifier.keys"));
        for (JsonNode form : List.of(receipt.json(), receipt.dpv(), receipt.vcon())) {
            genuine(form.toString());
        }
        genuine(receipt.page("de"));
        genuine(receipt.page("en"));
    }

    private void genuine(String text) throws IOException {
        genuine.add(text.getBytes(StandardCharsets.UTF_8));
        ReceiptCheck check = ReceiptCheck.of(inputs.with(genuine.getLast()), keys);
        assertThat(check.passed()).isTrue();
        saying.add(check.says());
    }

    @Override
    public List<byte[]> seeds() {
        return List.copyOf(genuine);
    }

    @Override
    public List<String> words() {
        return List.of(
                "\"payload\":",
                "\"entry\":",
                "\"proof\":",
                "\"checkpoint\":",
                "\"history\":",
                "\"signed_by\":",
                "\"level\":",
                "\"type\":\"Withdrawn\"",
                "\"receipt\":",
                "null",
                "[]",
                "{}",
                "1e999",
                "\\u0000",
                "<script",
                "\"index\":4294967296");
    }

    @Override
    public int longest() {
        return 65_536;
    }

    @Override
    public void takes(byte[] input) throws IOException {
        Path file = inputs.with(input);
        ReceiptCheck check;
        try {
            check = ReceiptCheck.of(file, keys);
        } catch (IOException unreadable) {
            return; // said so, with the file's name
        }
        assertThat(check.lines()).isNotEmpty();
        assertThat(check.json()).isNotNull();
        if (check.passed()) {
            assertThat(saying).contains(check.says());
        }
    }

    @Override
    public void close() {
        inputs.close();
    }
}
