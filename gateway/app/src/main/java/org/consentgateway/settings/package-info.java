/**
 * What an operator may set: the schema of the configuration file, its rules, and the settings of
 * each part made from it.
 */
@NullMarked
package org.consentgateway.settings;

import org.jspecify.annotations.NullMarked;
