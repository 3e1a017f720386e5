import TidingsSystem

extension SmallFileError {
    /// For people, without the file's name.
    var message: String {
        switch self {
        case .system(let call, let error): "\(call): \(error.message)"
        case .notRegular: "this is not a regular file"
        case .tooLarge(let limitBytes): "the file is larger than \(Quantity.message(bytes: limitBytes))"
        }
    }
}
