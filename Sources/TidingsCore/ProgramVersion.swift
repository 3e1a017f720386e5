/// The version of this program, for people, packages and monitors.
package let programVersion = "0.1.0"
