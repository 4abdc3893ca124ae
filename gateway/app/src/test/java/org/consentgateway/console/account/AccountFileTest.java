package org.consentgateway.console.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccountFileTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir private Path directory;

    private static ConsoleAccount account(String name) {
        return new ConsoleAccount(
                name,
                "Ada Meier",
                ConsoleRole.VIEWER,
                PasswordHash.NOBODYS,
                TotpSecret.mint(RANDOM));
    }

    /** Each command is a process of its own, with a file object of its own. */
    @Test
    void twoCommandsAtOnceLoseNoAccount() throws Exception {
        Path file = directory.resolve("accounts.json");
        try (ExecutorService commands = Executors.newFixedThreadPool(2)) {
            List<Future<Boolean>> all = new ArrayList<>();
            for (String who : List.of("ada", "ben")) {
                all.add(
                        commands.submit(() -> {
                            for (int i = 0; i < 20; i++) {
                                new AccountFile(file).add(account(who + i));
                            }
                            return true;
                        }));
            }
            for (Future<Boolean> each : all) {
                assertThat(each.get()).isTrue();
            }
        }
        assertThat(new AccountFile(file).all()).hasSize(40);
    }
}
