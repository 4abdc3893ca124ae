package org.consentgateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.consentgateway.cli.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What installs and stops the gateway keeps what it promises: {@code scripts/package} tries all of
 * it, this the two that nobody could undo.
 */
class ShippedPackagesTest {
    private static final Path CONFIG = Path.of(System.getProperty("project.root"), "config");
    private static final Path DEB = CONFIG.resolve("packages/deb");
    private static final Path CHART = CONFIG.resolve("helm/consent-gateway");

    @TempDir private Path machine;

    /** Debian's script, of a machine in a folder, with a debconf that answers so. */
    private boolean proofIsThereAfter(String answer, String action) throws Exception {
        Path store = machine.resolve("proof");
        Path proof = store.resolve("keys");
        Files.createDirectories(proof);
        Path debconf = machine.resolve("confmodule");
        Files.writeString(
                debconf,
                """
                # As the real one: the script begins anew, with the arguments that it has here.
                [ -n "$FRONTEND" ] || FRONTEND=yes exec sh "$0" "$@"
                db_version() { :; }
                db_fset() { :; }
                db_input() { :; }
                db_go() { :; }
                db_purge() { :; }
                db_stop() { :; }
                db_get() { %s; }
                """
                        .formatted(answer));
        Path script = machine.resolve("postrm");
        Files.writeString(
                script,
                Files.readString(DEB.resolve("postrm"))
                        .replace("/var/lib/consent-gateway", store.toString())
                        .replace("/usr/share/debconf/confmodule", debconf.toString())
                        .replace("deb-systemd-helper", "no-such-command")
                        .replace("/run/systemd/system", machine.resolve("none").toString()));
        Process run =
                new ProcessBuilder(List.of("sh", script.toString(), action))
                        .redirectErrorStream(true)
                        .start();
        String said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(run.waitFor()).as(said).isZero();
        return Files.exists(proof);
    }

    @Test
    void onlyAYesToThePurgeDeletesTheProof() throws Exception {
        assertThat(proofIsThereAfter("RET=false", "purge")).isTrue();
        assertThat(proofIsThereAfter("RET=", "purge")).isTrue();
        assertThat(proofIsThereAfter("RET=true; return 10", "purge")).as("no answer").isTrue();
        assertThat(proofIsThereAfter("RET=true", "remove")).isTrue();
        assertThat(proofIsThereAfter("RET=true", "upgrade")).isTrue();
        assertThat(proofIsThereAfter("RET=true", "purge")).isFalse();
        assertThat(Files.readString(DEB.resolve("templates"))).contains("\nDefault: false\n");
    }

    @Test
    void withoutDebconfTheProofStays() throws Exception {
        Path script = machine.resolve("postrm-alone");
        Path proof = Files.createDirectories(machine.resolve("kept"));
        Files.writeString(
                script,
                Files.readString(DEB.resolve("postrm"))
                        .replace("/var/lib/consent-gateway", proof.toString())
                        .replace("/usr/share/debconf/confmodule", machine + "/nothing")
                        .replace("deb-systemd-helper", "no-such-command"));
        assertThat(new ProcessBuilder("sh", script.toString(), "purge").start().waitFor()).isZero();
        assertThat(proof).exists();
    }

    /** The shipped command as a package is laid out, with a program of this version beside it. */
    private static Path laidOut(Path root, String version) throws IOException {
        Path command = root.resolve("usr/bin/consent-gateway");
        Files.createDirectories(root.resolve("usr/bin"));
        Files.writeString(
                command,
                Files.readString(CONFIG.resolve("packages/consent-gateway"))
                        .replace("/usr/bin/setpriv", "/no/such/command"));
        Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwxr-xr-x"));
        StandInProgram.jar(root.resolve("usr/share/consent-gateway/gateway.jar"), version);
        return command;
    }

    private StandInProgram.Ended run(Path command, String... words) throws Exception {
        return StandInProgram.run(
                Files.createDirectories(machine.resolve("work")),
                Map.of(
                        "CONSENT_GATEWAY_JAVA",
                        System.getProperty("java.home") + "/bin/java",
                        "CONSENT_GATEWAY_JAVA_OPTS",
                        StandInProgram.SMALL_HEAP),
                Stream.concat(Stream.of(command.toString()), Stream.of(words))
                        .toArray(String[]::new));
    }

    /** So that a new version is tried beside the old one, before anything is stopped. */
    @Test
    void aPackageThatIsUnpackedElsewhereRunsItsOwnProgram() throws Exception {
        Path installed = laidOut(machine.resolve("installed"), "1.0");
        Path unpacked = laidOut(machine.resolve("unpacked"), "2.0");
        assertThat(run(installed, "--version").said()).isEqualTo("1.0\n");
        assertThat(run(unpacked, "--version").said()).isEqualTo("2.0\n");

        Path link = Files.createSymbolicLink(machine.resolve("link"), unpacked);
        assertThat(run(link, "--version").said()).isEqualTo("2.0\n");
        Path merged =
                Files.createSymbolicLink(
                        machine.resolve("bin"), machine.resolve("unpacked/usr/bin"));
        assertThat(run(merged.resolve("consent-gateway"), "--version").said()).isEqualTo("2.0\n");
    }

    /** A full heap is no wrong configuration, which systemd would leave to an operator. */
    @Test
    void aFullHeapEndsTheGatewayWithAStatusThatIsStartedAgainAndLeavesNoWordOfACaller()
            throws Exception {
        Path command = laidOut(machine.resolve("installed"), "1.0");
        StandInProgram.Ended ended = run(command, "serve", StandInProgram.FILL);

        assertThat(ended.said()).contains("OutOfMemoryError");
        assertThat(startedAgain(ended.code()))
                .as("status %d: %s", ended.code(), ended.said())
                .isTrue();
        assertThat(machine.resolve("work")).isEmptyDirectory();
        assertThat(startedAgain(ExitCode.WRONG_CONFIGURATION)).isFalse();
    }

    /** Somebody took it out of service, perhaps since it lets assistants hear who said no. */
    @Test
    void whoWasEndedAtOnceByASecondSignalIsNotStartedAgain() throws IOException {
        assertThat(startedAgain(ExitCode.INTERRUPTED)).isFalse();
        assertThat(startedAgain(ExitCode.DONE)).as("drained").isFalse();
        assertThat(startedAgain(ExitCode.FAILED)).isTrue();
    }

    private static boolean startedAgain(int status) throws IOException {
        String unit = Files.readString(DEB.resolve("consent-gateway.service"));
        assertThat(unit).contains("\nRestart=on-failure\n");
        Matcher not = Pattern.compile("\nRestartPreventExitStatus=(.*)\n").matcher(unit);
        assertThat(not.find()).isTrue();
        return status != 0 && !List.of(not.group(1).split(" ")).contains(String.valueOf(status));
    }

    /** postinst or postrm, on a machine in a folder. */
    private String maintained(String script, String... words) throws Exception {
        for (String command : List.of("chown", "systemd-sysusers")) {
            Path stub = machine.resolve("bin").resolve(command);
            Files.createDirectories(machine.resolve("bin"));
            Files.writeString(stub, "#!/bin/sh\n");
            Files.setPosixFilePermissions(stub, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Path debconf =
                Files.writeString(
                        machine.resolve("confmodule"),
                        """
                        db_version() { :; }
                        db_input() { :; }
                        db_go() { :; }
                        db_get() { return 10; }
                        db_purge() { :; }
                        db_stop() { :; }
                        """);
        Path here =
                Files.writeString(
                        machine.resolve(script),
                        Files.readString(DEB.resolve(script))
                                .replace("/usr/share/consent-gateway/etc", shipped().toString())
                                .replace("/usr/share/debconf/confmodule", debconf.toString())
                                .replace("/etc", machine.resolve("etc").toString())
                                .replace("/var/lib/consent-gateway", machine + "/var")
                                .replace("deb-systemd-helper", "no-such-command")
                                .replace("/run/systemd/system", machine + "/none"));
        StandInProgram.Ended ended =
                StandInProgram.run(
                        machine,
                        Map.of("PATH", machine.resolve("bin") + ":" + System.getenv("PATH")),
                        Stream.concat(Stream.of("sh", here.toString()), Stream.of(words))
                                .toArray(String[]::new));
        assertThat(ended.code()).as(ended.said()).isZero();
        return ended.said();
    }

    private Path shipped() {
        return machine.resolve("reference");
    }

    private void ships(String version, String... files) throws IOException {
        for (String file : files) {
            Path to = shipped().resolve(file);
            Files.createDirectories(to.resolveSibling("."));
            Files.writeString(to, version + "\n");
        }
    }

    private Path configured(String file) {
        return machine.resolve("etc/consent-gateway").resolve(file);
    }

    /** A question of dpkg is put between the stop and the start, and without a terminal fails. */
    @Test
    void anUpgradeAsksNothingAndLeavesWhatWasChangedAsItIs() throws Exception {
        String[] files = {
            "consent-gateway/gateway.yaml",
            "consent-gateway/notices/common/de.yaml",
            "consent-gateway/notices/us/en.yaml",
            "default/consent-gateway"
        };
        ships("1.0", files);
        assertThat(maintained("postinst", "configure", "")).isEmpty();
        assertThat(configured("gateway.yaml")).hasContent("1.0");
        assertThat(machine.resolve("etc/default/consent-gateway")).hasContent("1.0");

        Files.writeString(configured("gateway.yaml"), "mine\n");
        Files.delete(configured("notices/us/en.yaml"));
        ships("2.0", files);
        ships("2.0", "consent-gateway/notices/fr/fr.yaml");
        assertThat(maintained("postinst", "configure", "1.0"))
                .contains("kept as you have it: " + configured("gateway.yaml"))
                .hasLineCount(1);
        assertThat(configured("gateway.yaml")).hasContent("mine");
        assertThat(configured("notices/common/de.yaml")).hasContent("2.0");
        assertThat(configured("notices/us/en.yaml")).doesNotExist();
        assertThat(configured("notices/fr/fr.yaml")).hasContent("2.0");
        assertThat(maintained("postinst", "configure", "2.0")).as("told once").isEmpty();

        Files.createFile(configured("key.pem"));
        maintained("postrm", "purge");
        try (Stream<Path> left = Files.walk(machine.resolve("etc"))) {
            assertThat(left.filter(Files::isRegularFile)).containsExactly(configured("key.pem"));
        }
        assertThat(Files.readString(CONFIG.resolveSibling("scripts/lib/deb.sh")))
                .doesNotContain("DEBIAN/conffiles");
    }

    @Test
    void nothingIsKilledBeforeItHasDrained() throws IOException {
        Duration drain = minutes(CONFIG.resolve("gateway.yaml"), "drain:\\R  limit: (\\d+)m");
        assertThat(minutes(DEB.resolve("consent-gateway.service"), "TimeoutStopSec=(\\d+)min"))
                .isGreaterThan(drain);
        assertThat(number(CHART.resolve("values.yaml"), "\\R  seconds: (\\d+)"))
                .isEqualTo(drain.toSeconds());
        assertThat(Files.readString(CHART.resolve("templates/statefulset.yaml")))
                .contains(
                        "terminationGracePeriodSeconds: {{ add .Values.drain.pause"
                                + " .Values.drain.seconds .Values.drain.margin }}");
        assertThat(Files.readString(CHART.resolve("templates/configuration.yaml")))
                .as("the limit is the one that the pod is killed after")
                .contains("(dict \"limit\" (printf \"%ds\" (int $.Values.drain.seconds)))");
    }

    /**
     * Whoever calls a node that reads no messages any more hears nothing until it is gone. One
     * whose web server alone is silent drains: a grace period of the probes, which the pause before
     * SIGTERM is part of, would cut its calls.
     */
    @Test
    void whatDoesNotLiveAnyMoreIsNotWaitedForAsIfItDrained() throws IOException {
        assertThat(template("statefulset.yaml"))
                .contains("preStop:")
                .containsOnlyOnce("terminationGracePeriodSeconds:");
        Duration limit = Duration.ofMinutes(10);
        assertThat(Telephony.patience(true, limit)).isZero();
        assertThat(Telephony.patience(false, limit)).isEqualTo(limit);
    }

    /**
     * A node that is in its own list refuses itself, and callers are asked in full for ever. {@code
     * scripts/package check} looks at what Helm makes of it; this at what makes it.
     */
    @Test
    void eachNodeOfTheChartIsToldOfTheOthersAloneAndLetsNobodyElseIn() throws IOException {
        assertThat(template("_helpers.tpl"))
                .contains("{{- if ne $i $own }}", "http://%s-%d.%s.%s.svc:%d");
        assertThat(template("configuration.yaml"))
                .contains(
                        "\"others\" (include \"gateway.others\" (list $ $i) | fromYamlArray)",
                        "(printf \"0.0.0.0:%d\" (int $.Values.network.node))",
                        "fail \"configuration.node: the chart sets listen and others");
        assertThat(template("service.yaml"))
                .containsPattern("clusterIP: None\\R  publishNotReadyAddresses: true");
        assertThat(template("networkpolicy.yaml"))
                .containsPattern(
                        "port: \\{\\{ .Values.network.node }}, protocol: TCP}\\R"
                                + "      from:\\R"
                                + "        - podSelector:\\R"
                                + "            matchLabels: \\{\\{- include \"gateway.labels\"");
        assertThat(template("statefulset.yaml"))
                .as("another number of nodes, another list for each")
                .contains("list .Values.configuration .Values.replicas .Values.network.node");
    }

    /**
     * A Service whose pods are all out of it answers no call and ends none. With host networking
     * there is none for calls, and an update has to stop at the first pod that asks nobody.
     */
    @Test
    void aPodWithoutItsStoreGetsTheCallsOfAServiceAndElseStopsAnUpdate() throws IOException {
        String pod = template("statefulset.yaml");
        assertThat(pod)
                .containsPattern(
                        "readinessProbe:\\R +httpGet: \\{path: \\{\\{ ternary \"/health/ready\""
                            + " \"/health/takes-calls\" .Values.network.hostNetwork }}, port: web}")
                .contains("    rollingUpdate:\n      partition: {{ .Values.update.partition }}\n");
        assertThat(template("service.yaml"))
                .containsPattern(
                        "if not .Values.network.hostNetwork }}\\R(?:.*\\R)*? +name: .*}}-sip\\R");
    }

    private static String template(String name) throws IOException {
        return Files.readString(CHART.resolve("templates").resolve(name));
    }

    private static Duration minutes(Path file, String pattern) throws IOException {
        return Duration.ofMinutes(number(file, pattern));
    }

    private static long number(Path file, String pattern) throws IOException {
        Matcher found = Pattern.compile(pattern).matcher(Files.readString(file));
        assertThat(found.find()).as("%s has %s", file, pattern).isTrue();
        return Long.parseLong(found.group(1));
    }
}
