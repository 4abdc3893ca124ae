package org.consentgateway.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.stream.Stream;

/**
 * A process that can put the library of SQLite into its temporary directory, and cannot load it
 * from there: it is that of another machine. Says how its starts end, and what each left there.
 */
final class StartWithUnfitLibrary {
    private StartWithUnfitLibrary() {}

    public static void main(String[] arguments) throws Exception {
        Path data = Path.of(arguments[0]);
        Path folder = Files.createDirectory(data.resolve("tmp"));
        System.setProperty("org.sqlite.tmpdir", folder.toString());
        System.setProperty("org.sqlite.osinfo.architecture", "ppc64");
        for (int start = 0; start < 2; start++) {
            try (Ledger ledger =
                    Ledger.open(TestSettings.inDirectory(data), InstantSource.system())) {
                System.out.println("start: " + ledger.health().detail());
            } catch (IOException e) {
                System.out.println("start: ended, " + e.getMessage());
            }
            try (Stream<Path> files = Files.list(folder)) {
                System.out.println("files: " + files.count());
            }
        }
    }
}
