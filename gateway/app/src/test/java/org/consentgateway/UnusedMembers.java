package org.consentgateway;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.properties.HasName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Immutable. What no code of the product uses: classes, methods, constructors and fields that are
 * not private. For private ones the compiler says so.
 */
final class UnusedMembers {
    private final JavaClasses classes;
    private final ToIntFunction<String> inSources;

    /** To a name with its parameters: the classes it is called on. */
    private final Map<String, Set<JavaClass>> called = new HashMap<>();

    private final Set<String> fieldsRead = new HashSet<>();

    /**
     * @param inSources how often a name stands in the sources, since the compiler puts the value of
     *     a constant in its place
     */
    UnusedMembers(JavaClasses classes, ToIntFunction<String> inSources) {
        this.classes = classes;
        this.inSources = inSources;
        for (JavaClass each : classes) {
            each.getCodeUnitAccessesFromSelf().forEach(this::note);
            each.getFieldAccessesFromSelf()
                    .forEach(access -> fieldsRead.add(access.getTarget().getFullName()));
        }
    }

    private void note(JavaAccess<? extends CodeUnitAccessTarget> access) {
        CodeUnitAccessTarget target = access.getTarget();
        String signature = signature(target.getName(), target.getRawParameterTypes());
        if (!access.getOrigin().getFullName().equals(target.getFullName())) {
            called.computeIfAbsent(signature, _ -> new HashSet<>()).add(target.getOwner());
        }
    }

    private static String signature(String name, List<JavaClass> parameters) {
        return parameters.stream()
                .map(HasName::getName)
                .collect(Collectors.joining(",", name + "(", ")"));
    }

    Stream<String> names() {
        return classes.stream()
                .filter(each -> !each.isAnonymousClass() && !each.isLocalClass())
                .filter(each -> !each.getSimpleName().equals("package-info"))
                .flatMap(each -> isUnused(each) ? Stream.of(name(each)) : members(each))
                .sorted()
                .distinct();
    }

    private Stream<String> members(JavaClass owner) {
        return owner.getMembers().stream()
                .filter(each -> !each.getModifiers().contains(JavaModifier.PRIVATE))
                .filter(each -> !each.getModifiers().contains(JavaModifier.SYNTHETIC))
                .filter(each -> each.getAnnotations().isEmpty())
                .filter(each ->
                        switch (each) {
                            case JavaField field -> isUnused(field);
                            case JavaMethod method -> isUnused(method);
                            case JavaConstructor constructor -> isUnused(constructor);
                            default -> false;
                        })
                .map(UnusedMembers::name);
    }

    private boolean isUnused(JavaClass type) {
        return type.isTopLevelClass()
                && type.getDirectDependenciesToSelf().stream()
                        .map(dependency -> outermost(dependency.getOriginClass()))
                        .filter(origin -> classes.contain(origin.getName()))
                        .allMatch(type::equals)
                && inSources.applyAsInt(type.getSimpleName()) <= 2;
    }

    private boolean isUnused(JavaField field) {
        boolean constant =
                field.getModifiers().contains(JavaModifier.STATIC)
                        && inSources.applyAsInt(field.getName()) > 1;
        return !field.getModifiers().contains(JavaModifier.ENUM)
                && !constant
                && !fieldsRead.contains(field.getFullName());
    }

    private boolean isUnused(JavaMethod method) {
        JavaClass owner = method.getOwner();
        boolean accessor =
                owner.isRecord()
                        && method.getRawParameterTypes().isEmpty()
                        && owner.tryGetField(method.getName()).isPresent();
        boolean ofEnum = owner.isEnum() && Set.of("values", "valueOf").contains(method.getName());
        boolean start = method.getName().equals("main");
        return !accessor && !ofEnum && !start && !isCalled(method) && !overrides(method);
    }

    private boolean isUnused(JavaConstructor constructor) {
        JavaClass owner = constructor.getOwner();
        boolean canonical =
                owner.isRecord()
                        && constructor.getRawParameterTypes().size()
                                == owner.getFields().stream()
                                        .filter(f ->
                                                !f.getModifiers().contains(JavaModifier.STATIC))
                                        .count();
        return !canonical && !owner.isEnum() && !isCalled(constructor);
    }

    /**
     * On its own class, on one above that declares it, on one below that inherits it, or on what
     * one below implements by it.
     */
    private boolean isCalled(JavaCodeUnit unit) {
        String signature = signature(unit.getName(), unit.getRawParameterTypes());
        return called.getOrDefault(signature, Set.of()).stream()
                .anyMatch(on ->
                        related(on, unit.getOwner())
                                || unit.getOwner().getAllSubclasses().stream()
                                        .anyMatch(below -> below.isAssignableTo(on.getName())));
    }

    private static boolean related(JavaClass one, JavaClass other) {
        return one.isAssignableTo(other.getName()) || other.isAssignableTo(one.getName());
    }

    /** What a library calls; or, by a bridge, ours with other type arguments. */
    private boolean overrides(JavaMethod method) {
        JavaClass owner = method.getOwner();
        return Stream.concat(
                        owner.getAllRawSuperclasses().stream(),
                        owner.getAllRawInterfaces().stream())
                .flatMap(each -> each.getMethods().stream())
                .filter(each -> each.getName().equals(method.getName()))
                .filter(each ->
                        each.getRawParameterTypes().size() == method.getRawParameterTypes().size())
                .anyMatch(each -> !classes.contain(each.getOwner().getName()) || isCalled(each));
    }

    private static JavaClass outermost(JavaClass type) {
        JavaClass outer = type;
        while (outer.getEnclosingClass().isPresent()) {
            outer = outer.getEnclosingClass().get();
        }
        return outer;
    }

    private static String name(JavaMember member) {
        String owner = name(member.getOwner());
        return member instanceof JavaConstructor constructor
                ? "new "
                        + owner
                        + constructor.getRawParameterTypes().stream()
                                .map(JavaClass::getSimpleName)
                                .collect(Collectors.joining(", ", "(", ")"))
                : owner + "." + member.getName();
    }

    private static String name(JavaClass type) {
        return type.getName().substring(type.getPackageName().length() + 1).replace('$', '.');
    }
}
