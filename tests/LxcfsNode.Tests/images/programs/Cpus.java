/** Prints what a Java program counts. */
class Cpus {
    public static void main(String[] arguments) {
        System.out.println(Runtime.getRuntime().availableProcessors());
    }
}
