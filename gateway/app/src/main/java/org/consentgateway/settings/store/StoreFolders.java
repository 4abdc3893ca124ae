package org.consentgateway.settings.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.Vendor;

/** Where a node makes files, as this machine has it for whoever asks. */
public final class StoreFolders {
    private StoreFolders() {}

    /** One caution for each in which this user cannot make files; the service may be another's. */
    public static List<String> cautions(LedgerSettings settings) {
        List<String> cautions = new ArrayList<>();
        caution("store.keys", settings.keys(), cautions);
        if (Vendor.of(settings).isOneWriter()) {
            caution("store.url", folder(Vendor.file(settings)), cautions);
        }
        return cautions;
    }

    private static void caution(String key, Path folder, List<String> cautions) {
        Path there = folder.toAbsolutePath();
        while (Files.notExists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        if (!Files.isDirectory(there) || !Files.isWritable(there)) {
            cautions.add(
                    "%s: %s %s, and a gateway of this user would not start."
                            .formatted(
                                    key,
                                    there,
                                    Files.isRegularFile(there)
                                            ? "is no directory"
                                            : "cannot be written by this user"));
        }
    }

    private static Path folder(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        return folder == null ? file : folder;
    }
}
