package org.consentgateway.cli;

import picocli.CommandLine.Option;

/** Confined to one command line: whether recordings are taken whatever language they sound like. */
final class AnyLanguage {
    @Option(
            names = "--any-language",
            description =
                    "Takes also what sounds like another language than its text, such as a"
                            + " dialect: somebody has listened to it.")
    private boolean taken;

    boolean isTaken() {
        return taken;
    }
}
