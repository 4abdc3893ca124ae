package org.consentgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import org.consentgateway.cli.access.ConsoleAccountCommand;
import org.consentgateway.console.account.AccountFile;
import org.consentgateway.console.account.ConsoleAccount;
import org.consentgateway.console.account.ConsoleRole;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.proof.TestLedger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code console-account add|list|remove}, as typed. */
@Timeout(60)
class ConsoleAccountCommandTest {
    @TempDir private Path folder;
    private String store = "store";

    private record Ran(int code, String text) {}

    private Path file() {
        return folder.resolve("accounts/console.json");
    }

    private Path store() {
        return folder.resolve(store);
    }

    private Ran accounts(String typed, String... arguments) {
        var out = new StringWriter();
        CommandLine command = ConsoleAccountCommand.with(() -> TestLedger.in(store()), this::file);
        command.setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
        command.setExecutionExceptionHandler((e, line, _) -> {
            line.getErr().println(e.getMessage());
            return 1;
        });
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(typed.getBytes(Charset.defaultCharset())));
        try {
            return new Ran(command.execute(arguments), out.toString());
        } finally {
            System.setIn(before);
        }
    }

    private Ran add(String password, String name, String role) {
        return accounts(
                password + "\n",
                "add",
                name,
                "--role",
                role,
                "--person",
                "Ada Meier",
                "--who",
                "Ben Roth");
    }

    @Test
    void anAccountIsMadeListedAndRemovedAndWhoDidItIsRecorded() throws Exception {
        assertThat(accounts("", "list").text()).contains("There is no account");
        Ran added = add("four words of mine", "a.meier", "dpo");
        assertThat(added.code()).as(added.text()).isZero();
        ConsoleAccount account = new AccountFile(file()).named("a.meier").orElseThrow();
        assertThat(account.role()).isEqualTo(ConsoleRole.DPO);
        assertThat(account.password().matches("four words of mine".toCharArray())).isTrue();
        assertThat(added.text()).contains(account.totp().base32(), "otpauth://totp/");
        assertThat(Files.readString(file())).doesNotContain("four words");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(accounts("", "list").text())
                .contains("a.meier", "dpo", "Ada Meier")
                .doesNotContain(account.totp().base32());

        assertThat(add("other words of mine", "a.meier", "admin").text())
                .contains("remove it first");
        assertThat(accounts("", "remove", "a.meier", "--who", "Ben Roth").code()).isZero();
        assertThat(accounts("", "remove", "a.meier", "--who", "Ben Roth").code()).isEqualTo(1);

        try (Ledger ledger = Ledger.open(TestLedger.in(store()), InstantSource.system())) {
            assertThat(ledger.reader().ofType(EntryType.ACCESSED, 10))
                    .extracting(each -> String.valueOf(each.payload()))
                    .anyMatch(each -> each.contains("console-account add a.meier as dpo"))
                    .anyMatch(each -> each.contains("console-account remove a.meier"))
                    .allMatch(each -> each.contains("Ben Roth"))
                    .hasSize(2);
        }
    }

    @Test
    void nothingIsRemovedBeforeItIsKnownWhoDoes() throws Exception {
        assertThat(add("four words of mine", "a.meier", "dpo").code()).isZero();
        Ran refused = accounts("", "remove", "a.meier", "--who", "");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.text()).contains("--who needs your name");
        assertThat(new AccountFile(file()).named("a.meier")).isPresent();
    }

    /** Whoever is to be shut out is, also where the store is away; and nobody takes it for done. */
    @Test
    void whatWasRemovedAndCouldNotBeRecordedIsToldAsThat() throws Exception {
        assertThat(add("four words of mine", "a.meier", "dpo").code()).isZero();
        Files.createFile(folder.resolve("no-directory"));
        store = "no-directory/store";
        Ran removed = accounts("", "remove", "a.meier", "--who", "Ben Roth");
        assertThat(removed.code()).isEqualTo(1);
        assertThat(removed.text()).contains("removed, but not recorded: a.meier");
        assertThat(new AccountFile(file()).named("a.meier")).isEmpty();
    }

    @Test
    void whatIsNotRightIsToldAndNothingIsMade() throws Exception {
        assertThat(add("too short", "ada", "dpo").text()).contains("12 characters");
        assertThat(add("my name is Ada, you know", "ada", "dpo").text()).contains("12 characters");
        assertThat(add("", "ada", "dpo").code()).isEqualTo(1);
        assertThat(add("four words of mine", "Ada Meier", "dpo").text()).contains("NAME is");
        assertThat(add("four words of mine", "ada", "boss").text()).contains("viewer service dpo");
        assertThat(
                        accounts(
                                        "four words of mine\n",
                                        "add",
                                        "ada",
                                        "--role",
                                        "dpo",
                                        "--person",
                                        "Ada",
                                        "--who",
                                        " ")
                                .text())
                .contains("--who");
        assertThat(new AccountFile(file()).all()).isEmpty();
    }
}
