package org.consentgateway.console.account;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.consentgateway.ledger.keys.DurableFile;
import org.consentgateway.ledger.keys.SoleWriter;

/**
 * Thread-safe. The accounts in a file that only the gateway's own user can read; written by the
 * command line, by one command at a time, read anew by the console at each sign-in and each
 * request, so that a removed account opens nothing any more.
 */
public final class AccountFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The file is small, and read at every request. */
    private static final int MOST = 200;

    private final Path file;

    public AccountFile(Path file) {
        this.file = file;
    }

    /** What else is kept of the accounts: it goes where they go. */
    Path beside(String ending) {
        return file.resolveSibling(file.getFileName() + ending);
    }

    /**
     * None where there is no file yet.
     *
     * @throws IOException where it cannot be read, or has in it what is no account
     */
    public List<ConsoleAccount> all() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        List<ConsoleAccount> all = new ArrayList<>();
        try {
            for (JsonNode each : JSON.readTree(Files.readAllBytes(file)).path("accounts")) {
                all.add(account(each));
            }
        } catch (IllegalArgumentException | com.fasterxml.jackson.core.JacksonException e) {
            // What stands there may be a secret.
            throw new IOException(
                    file + " is no file of accounts: scripts/gateway console-account writes it");
        }
        return all;
    }

    private static ConsoleAccount account(JsonNode json) {
        return new ConsoleAccount(
                json.path("name").asText(),
                json.path("person").asText(),
                ConsoleRole.of(json.path("role").asText())
                        .orElseThrow(() -> new IllegalArgumentException("no role")),
                new PasswordHash(json.path("password").asText()),
                new TotpSecret(json.path("totp").asText()));
    }

    public Optional<ConsoleAccount> named(String name) throws IOException {
        return all().stream().filter(each -> each.name().equals(name)).findFirst();
    }

    /**
     * @throws IOException where there is one of this name, or no room
     */
    public void add(ConsoleAccount account) throws IOException {
        change(all -> {
            if (all.stream().anyMatch(each -> each.name().equals(account.name()))) {
                throw new IOException(
                        "there is an account " + account.name() + ": remove it first");
            }
            if (all.size() == MOST) {
                throw new IOException(
                        "there are %d accounts, and no more than that".formatted(MOST));
            }
            all.add(account);
        });
    }

    /**
     * @throws IOException where there is none
     */
    public void remove(String name) throws IOException {
        change(all -> {
            if (!all.removeIf(each -> each.name().equals(name))) {
                throw new IOException("there is no account " + name + ": see list");
            }
        });
    }

    private interface Edit {
        void make(List<ConsoleAccount> all) throws IOException;
    }

    private void change(Edit edit) throws IOException {
        boolean _ =
                SoleWriter.change(
                        file,
                        () -> {
                            List<ConsoleAccount> all = new ArrayList<>(all());
                            edit.make(all);
                            write(all);
                            return true;
                        });
    }

    /** Whole or not at all, and never for others' eyes. */
    private void write(List<ConsoleAccount> accounts) throws IOException {
        ObjectNode json = JSON.createObjectNode();
        ArrayNode all = json.putArray("accounts");
        for (ConsoleAccount each : accounts) {
            all.addObject()
                    .put("name", each.name())
                    .put("person", each.person())
                    .put("role", each.role().text())
                    .put("password", each.password().text())
                    .put("totp", each.totp().base32());
        }
        DurableFile.keepPrivate(
                file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
    }
}
