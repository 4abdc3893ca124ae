package org.consentgateway;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Immutable. The Java sources of the project, read by the compiler's own parser.
 *
 * @param files all of them, those of tests as well
 */
record Sources(Path project, List<Path> files, List<Type> types) {
    /**
     * @param name with those it is nested in: {@code Outer.Inner}
     * @param members the names of all that is declared in it
     */
    record Type(Path file, String name, Set<String> members, List<Method> methods) {
        String simpleName() {
            return name.substring(name.lastIndexOf('.') + 1);
        }
    }

    /** A method or constructor; its lines are counted from its first annotation or word. */
    record Method(String name, long lines, int parameters) {}

    static Sources of(Path project) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(project)) {
            files =
                    walk.filter(each -> each.toString().endsWith(".java"))
                            .filter(each -> project.relativize(each).toString().contains("src/"))
                            .sorted()
                            .toList();
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        var types = new ArrayList<Type>();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            var task =
                    (JavacTask)
                            compiler.getTask(
                                    null,
                                    manager,
                                    _ -> {},
                                    List.of("-proc:none"),
                                    null,
                                    manager.getJavaFileObjectsFromPaths(files));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new Reader(unit, positions, types).scan(unit, null);
            }
        }
        return new Sources(project, files, List.copyOf(types));
    }

    /** No tests, and nothing that only tests or measures it. */
    Stream<Path> productFiles() {
        return files.stream().filter(this::isProduct);
    }

    Stream<Type> productTypes() {
        return types.stream().filter(each -> isProduct(each.file()));
    }

    private boolean isProduct(Path file) {
        String path = project.relativize(file).toString();
        return path.contains("src/main/")
                && !path.startsWith("gateway/testkit/")
                && !path.startsWith("gateway/bench/");
    }

    private static final class Reader extends TreePathScanner<Void, Void> {
        private final Path file;
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<Type> types;
        private String within = "";

        Reader(CompilationUnitTree unit, SourcePositions positions, List<Type> types) {
            this.file = Path.of(unit.getSourceFile().toUri());
            this.unit = unit;
            this.positions = positions;
            this.types = types;
        }

        @Override
        public Void visitClass(ClassTree type, Void none) {
            String outer = within;
            if (!type.getSimpleName().isEmpty()) {
                within = (outer.isEmpty() ? "" : outer + ".") + type.getSimpleName();
                types.add(new Type(file, within, members(type), methods(type)));
            }
            super.visitClass(type, null);
            within = outer;
            return null;
        }

        private static Set<String> members(ClassTree type) {
            var names = new HashSet<String>();
            for (Tree member : type.getMembers()) {
                switch (member) {
                    case VariableTree field -> names.add(field.getName().toString());
                    case MethodTree method -> names.add(method.getName().toString());
                    case ClassTree nested -> names.add(nested.getSimpleName().toString());
                    default -> {}
                }
            }
            return Set.copyOf(names);
        }

        private List<Method> methods(ClassTree type) {
            LineMap lines = unit.getLineMap();
            var found = new ArrayList<Method>();
            for (Tree member : type.getMembers()) {
                if (member instanceof MethodTree method
                        && positions.getStartPosition(unit, method) >= 0) {
                    long first = lines.getLineNumber(positions.getStartPosition(unit, method));
                    long last = lines.getLineNumber(positions.getEndPosition(unit, method));
                    found.add(
                            new Method(
                                    method.getName().toString(),
                                    last - first + 1,
                                    method.getParameters().size()));
                }
            }
            return List.copyOf(found);
        }
    }
}
