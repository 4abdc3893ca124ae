package org.consentgateway;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;

/** Immutable. What the product is made of: its sources and their classes, each read once. */
final class ProductClasses {
    static final String ROOT = "org.consentgateway";

    static final Path PROJECT =
            Path.of(System.getProperty("project.root", "..")).toAbsolutePath().normalize();

    static final Sources SOURCES = sources();

    /** By their sources, since where a build puts the classes of tests is its own affair. */
    static final JavaClasses CLASSES = classes();

    private ProductClasses() {}

    private static Sources sources() {
        try {
            return Sources.of(PROJECT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JavaClasses classes() {
        String root = ROOT.replace('.', '/');
        Set<String> ours =
                SOURCES.productFiles()
                        .map(Path::toString)
                        .map(file -> file.substring(file.lastIndexOf(root)))
                        .map(file -> file.replace(".java", ""))
                        .collect(Collectors.toSet());
        return new ClassFileImporter()
                .withImportOption(location -> {
                    String path = location.asURI().toString();
                    return ours.contains(
                            path.substring(path.lastIndexOf(root))
                                    .replaceAll("(\\$.*)?\\.class$", ""));
                })
                .importPackages(ROOT);
    }
}
