// What the page of shared minutes needs.
import "./unsent";
import "./co-editor";
